// What the comparisons with llama.cpp in this folder share: options, programs of both sides, medians, columns.
import {execFileSync} from "node:child_process";
import {existsSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

/**
 * A comparison as it was called: `benchmarks/NAME --option value ...`. Options that are not among the defaults, and a missing text or
 * model, end in one line and exit status 2.
 */
export function comparison(name, root, words, defaults) {
    const refuse = (message) => {
        console.error(`${name}: ${message}`);
        process.exit(2);
    };
    const options = {...defaults};
    for (let i = 0; i < words.length; i += 2) {
        const option = words[i].replace(/^--/, "");
        if (!(option in options) || words[i + 1] === undefined) {
            refuse(`option must be one of --${Object.keys(options).join(", --")} and have a value, was ${words[i]}`);
        }
        options[option] = words[i + 1];
    }
    if (!existsSync(options.text)) refuse(`--text must name a file, was '${options.text}'`);
    if (!existsSync(options.model)) {
        refuse(`--model must name a GGUF file, was ${options.model}; scripts/fetch-model brings one`);
    }
    const folder = mkdtempSync(join(tmpdir(), `${name}-`));
    process.on("exit", () => rmSync(folder, {recursive: true, force: true}));
    return {
        options,
        folder,
        tokens: join(folder, "tokens.json"),
        list: (option) => options[option].split(",").filter((word) => word !== ""),
        java(program, programWords) {
            const classPath = [join(root, "benchmarks", "target", "classes"), join(root, "benchmarks", "target", "lib", "*")];
            return execFileSync("java", [
                "-XX:+UseSerialGC", "-Xmx1g", "-cp", classPath.join(":"), `resonance.benchmarks.${program}`, ...programWords
            ], {encoding: "utf8"});
        },
        oracle: (...oracleWords) => lastLine(execFileSync("node", [
            join(root, "benchmarks", "target", "llama.cpp", "llama-oracle.mjs"), ...oracleWords
        ], {encoding: "utf8", maxBuffer: 1 << 28}))
    };
}

/** The JSON document in the last line of a program's output. */
export function lastLine(output) {
    return JSON.parse(output.trim().split("\n").at(-1));
}

export function median(values) {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const cell = (value, width) => String(value).padStart(width);

/** Adds a result to those of the same name. */
export function keep(runs, name, result) {
    if (!runs.has(name)) runs.set(name, []);
    runs.get(name).push(result);
}
