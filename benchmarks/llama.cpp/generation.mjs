// The work of benchmarks/compare-generation, which says what this does and how to call it.
import {execFileSync} from "node:child_process";
import {existsSync, mkdtempSync, rmSync} from "node:fs";
import {availableParallelism, tmpdir} from "node:os";
import {join, resolve} from "node:path";

const [root, ...words] = process.argv.slice(2);
const options = {
    rounds: "3", contexts: "0,2048,8192", new: "64", threads: String(Math.min(2, availableParallelism())),
    text: join(root, "shipped", "text", "cranford.txt"), model: join(root, "models", "SmolLM2-135M-Instruct.Q4_1.gguf"),
    precisions: "auto", flash: "on,off"
};
for (let i = 0; i < words.length; i += 2) {
    const name = words[i].replace(/^--/, "");
    if (!(name in options) || words[i + 1] === undefined) {
        refuse(`option must be one of --${Object.keys(options).join(", --")} and have a value, was ${words[i]}`);
    }
    options[name] = words[i + 1];
}
if (!existsSync(options.text)) refuse(`--text must name a file, was '${options.text}'`);
if (!existsSync(options.model)) {
    refuse(`--model must name a GGUF file, was ${options.model}; scripts/fetch-model brings one`);
}
const list = (name) => options[name].split(",").filter((word) => word !== "");
const folder = mkdtempSync(join(tmpdir(), "compare-generation-"));
const tokens = join(folder, "tokens.json");
process.on("exit", () => rmSync(folder, {recursive: true, force: true}));

function refuse(message) {
    console.error(`compare-generation: ${message}`);
    process.exit(2);
}

function lastLine(output) {
    return JSON.parse(output.trim().split("\n").at(-1));
}

function ours(precision) {
    const classPath = [join(root, "benchmarks", "target", "classes"), join(root, "benchmarks", "target", "lib", "*")];
    return lastLine(execFileSync("java", [
        "-XX:+UseSerialGC", "-Xmx1g", "-cp", classPath.join(":"), "resonance.benchmarks.GenerationThroughput",
        "--model", options.model, "--text", options.text, "--contexts", options.contexts, "--new", options.new,
        "--precision", precision, "--threads", options.threads, "--tokens", tokens
    ], {encoding: "utf8"}));
}

function theirs(flash) {
    return lastLine(execFileSync("node", [
        join(root, "benchmarks", "target", "llama.cpp", "llama-oracle.mjs"), "write", resolve(options.model), tokens,
        `contexts=${options.contexts}`, `new=${options.new}`, `threads=${options.threads}`, `flash=${flash}`
    ], {encoding: "utf8"}));
}

function median(values) {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const runs = new Map();
for (let round = 0; round < Number(options.rounds); round++) {
    for (const precision of list("precisions")) keep(`ours, ${precision}`, ours(precision));
    for (const flash of list("flash")) keep(`llama.cpp, flash attention ${flash}`, theirs(flash));
}

function keep(name, result) {
    if (!runs.has(name)) runs.set(name, []);
    runs.get(name).push(result);
}

const cell = (value, width) => String(value).padStart(width);
list("contexts").forEach((context, at) => {
    const of = (name, what) => runs.get(name).map((result) => result.contexts[at][what]);
    const best = (what) => Math.max(...[...runs.keys()].filter((name) => name.startsWith("llama.cpp"))
        .map((name) => median(of(name, what))));
    console.log(`\n${context} tokens of context, ${options.threads} threads`);
    console.log(`${"".padEnd(30)} ${cell("read/s", 9)} ${cell("ratio", 6)} ${cell("written/s", 9)} ${cell("ratio", 6)} `
        + `${cell("peak MB", 8)}  written/s of the rounds`);
    for (const [name, results] of runs) {
        const busy = of(name, "cpuShare").some((share) => share < 0.9) && name.startsWith("llama.cpp");
        const reading = median(of(name, "read")), writing = median(of(name, "written"));
        console.log(`${name.padEnd(30)} ${cell(reading.toFixed(1), 9)} ${cell((reading / best("read")).toFixed(2), 6)} `
            + `${cell(writing.toFixed(1), 9)} ${cell((writing / best("written")).toFixed(2), 6)} `
            + `${cell(Math.max(...results.map((result) => result.peakMegabytes)), 8)}  `
            + of(name, "written").map((value) => value.toFixed(1)).join(" ") + (busy ? "  (machine busy)" : ""));
    }
});
