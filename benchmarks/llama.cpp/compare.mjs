// The work of benchmarks/compare-perplexity, which says what this does and how to call it.
import {execFileSync} from "node:child_process";
import {existsSync, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {availableParallelism, tmpdir} from "node:os";
import {join, resolve} from "node:path";

/** Tokens of a text that are scored for the agreement; more would only take longer. */
const AGREEMENT_TOKENS = 16384;

const [root, ...words] = process.argv.slice(2);
const options = {
    rounds: "3", lengths: "2048,8192,32768", threads: String(Math.min(2, availableParallelism())), text: "",
    model: join(root, "models", "SmolLM2-135M-Instruct.Q4_1.gguf"),
    precisions: "float32,bfloat16", flash: "off,on", agreement: "512,2048"
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
const folder = mkdtempSync(join(tmpdir(), "compare-perplexity-"));
const tokens = join(folder, "tokens.json");
process.on("exit", () => rmSync(folder, {recursive: true, force: true}));

function refuse(message) {
    console.error(`compare-perplexity: ${message}`);
    process.exit(2);
}

function run(command, words) {
    return JSON.parse(execFileSync(command, words, {encoding: "utf8", maxBuffer: 1 << 28}).trim().split("\n").at(-1));
}

function ours(length, chunks, precision) {
    const classPath = [join(root, "benchmarks", "target", "classes"), join(root, "benchmarks", "target", "lib", "*")];
    return run("java", [
        "-XX:+UseSerialGC", "-cp", classPath.join(":"), "resonance.benchmarks.PerplexityThroughput",
        "--model", options.model, "--text", options.text, "--length", String(length), "--chunks", String(chunks),
        "--precision", precision, "--threads", options.threads, "--tokens", tokens
    ]);
}

function theirs(question, length, flash, beginning) {
    const oracle = join(root, "benchmarks", "target", "llama.cpp", "llama-oracle.mjs");
    const answer = join(folder, "losses.bin");
    const result = run("node", [
        oracle, question, resolve(options.model), tokens, ...(question === "loss" ? [answer] : []),
        `context=${length}`, `first=${Math.floor(length / 2)}`, `bos=${beginning}`, `threads=${options.threads}`,
        `flash=${flash}`
    ]);
    if (question === "loss") {
        const bytes = readFileSync(answer);
        const losses = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
        result.perplexity = Math.exp(losses.reduce((sum, loss) => sum + loss, 0) / losses.length);
        result.scored = losses.length;
    }
    return result;
}

function median(values) {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const cell = (value, width) => String(value).padStart(width);

if (list("agreement").length > 0) {
    console.log("Perplexity, second halves scored, llama.cpp with float16 cache, ours in float32");
    console.log(`${cell("length", 7)} ${cell("scored", 7)} ${cell("llama.cpp", 10)} ${cell("ours", 10)}  difference`);
    for (const length of list("agreement").map(Number)) {
        const mine = ours(length, Math.floor(AGREEMENT_TOKENS / length), "float32");
        const yours = theirs("loss", length, "off", mine.beginning);
        if (mine.scored !== yours.scored) throw new Error(`scored ${mine.scored} tokens, llama.cpp ${yours.scored}`);
        const difference = 100 * (mine.perplexity / yours.perplexity - 1);
        console.log(`${cell(length, 7)} ${cell(mine.scored, 7)} ${cell(yours.perplexity.toFixed(4), 10)} `
            + `${cell(mine.perplexity.toFixed(4), 10)} ${cell(difference.toFixed(3), 10)} %`);
    }
}

for (const length of list("lengths").map(Number)) {
    const runs = new Map();
    for (let round = 0; round < Number(options.rounds); round++) {
        let beginning = -1;
        for (const precision of list("precisions")) {
            const result = ours(length, 1, precision);
            beginning = result.beginning;
            keep(runs, `ours, ${precision}`, result);
        }
        for (const flash of list("flash")) {
            keep(runs, `llama.cpp, flash attention ${flash}`, theirs("time", length, flash, beginning));
        }
    }
    const speed = (name) => median(runs.get(name).map((result) => result.tokensPerSecond));
    const best = Math.max(...[...runs.keys()].filter((name) => name.startsWith("llama.cpp")).map(speed));
    console.log(`\n${length} tokens, ${options.threads} threads`);
    console.log(`${"".padEnd(30)} ${cell("tokens/s", 9)} ${cell("ratio", 6)} ${cell("peak MB", 8)}  rounds`);
    for (const [name, results] of runs) {
        const busy = results.some((result) => result.cpuShare < 0.9);
        console.log(`${name.padEnd(30)} ${cell(speed(name).toFixed(1), 9)} ${cell((speed(name) / best).toFixed(2), 6)} `
            + `${cell(Math.max(...results.map((result) => result.peakMegabytes)), 8)}  `
            + results.map((result) => result.tokensPerSecond.toFixed(1)).join(" ") + (busy ? "  (machine busy)" : ""));
    }
}

function keep(runs, name, result) {
    if (!runs.has(name)) runs.set(name, []);
    runs.get(name).push(result);
}
