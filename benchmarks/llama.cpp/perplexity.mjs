// The work of benchmarks/compare-perplexity, which says what this does and how to call it.
import {readFileSync, rmSync} from "node:fs";
import {availableParallelism} from "node:os";
import {join, resolve} from "node:path";
import {cell, comparison, keep, lastLine, median} from "./comparison.mjs";

const [root, ...words] = process.argv.slice(2);
const {options, folder, tokens, list, java, oracle} = comparison("compare-perplexity", root, words, {
    rounds: "3", lengths: "2048,8192,32768", threads: String(Math.min(2, availableParallelism())), text: "",
    model: join(root, "models", "SmolLM2-135M-Instruct.Q4_1.gguf"),
    precisions: "float32,bfloat16", flash: "off,on", agreement: "512,2048", "agreement-tokens": "16384"
});

function ours(length, chunks, precision) {
    return lastLine(java("PerplexityThroughput", [
        "--model", options.model, "--text", options.text, "--length", String(length), "--chunks", String(chunks),
        "--precision", precision, "--threads", options.threads, "--tokens", tokens
    ]));
}

/** Whether llama.cpp makes the ids of the last run of ours from the text. */
function tokensAgree(beginning) {
    const theirs = oracle("tokenize", resolve(options.model), resolve(options.text));
    const ours = JSON.parse(readFileSync(tokens, "utf8"));
    const begun = beginning < 0 ? theirs : [beginning, ...theirs];
    return ours.every((id, i) => id === begun[i]);
}

function theirs(question, model, length, flash, beginning) {
    const answer = join(folder, "losses.bin");
    const result = oracle(question, resolve(model), tokens, ...(question === "loss" ? [answer] : []),
        `context=${length}`, `first=${Math.floor(length / 2)}`, `bos=${beginning}`, `threads=${options.threads}`,
        `flash=${flash}`);
    if (question === "loss") {
        const bytes = readFileSync(answer);
        const losses = new Float64Array(Uint8Array.from(bytes).buffer);
        result.perplexity = Math.exp(losses.reduce((sum, loss) => sum + loss, 0) / losses.length);
        result.scored = losses.length;
    }
    return result;
}

if (list("agreement").length > 0) {
    const decoded = join(folder, "decoded.gguf");
    java("DecodedGguf", [options.model, decoded]);
    console.log("Perplexity, second halves scored: ours in float32, llama.cpp on the file and on its weights decoded");
    console.log(`${cell("length", 7)} ${cell("scored", 7)} ${cell("ours", 10)} ${cell("llama.cpp", 10)} `
        + `${cell("ours is", 9)} ${cell("decoded", 10)} ${cell("ours is", 9)}`);
    for (const length of list("agreement").map(Number)) {
        const mine = ours(length, Math.floor(options["agreement-tokens"] / length), "float32");
        if (!tokensAgree(mine.beginning)) {
            throw new Error("llama.cpp must make the same tokens of the text, makes others");
        }
        let line = `${cell(length, 7)} ${cell(mine.scored, 7)} ${cell(mine.perplexity.toFixed(4), 10)}`;
        for (const model of [options.model, decoded]) {
            const yours = theirs("loss", model, length, "off", mine.beginning);
            if (mine.scored !== yours.scored) {
                throw new Error(`llama.cpp must score ${mine.scored} tokens, scored ${yours.scored}`);
            }
            const difference = 100 * (mine.perplexity / yours.perplexity - 1);
            line += ` ${cell(yours.perplexity.toFixed(4), 10)} ${cell(difference.toFixed(3), 7)} %`;
        }
        console.log(line);
    }
    rmSync(decoded);
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
            keep(runs, `llama.cpp, flash attention ${flash}`, theirs("time", options.model, length, flash, beginning));
        }
    }
    const speed = (name) => median(runs.get(name).map((result) => result.tokensPerSecond));
    const best = Math.max(...[...runs.keys()].filter((name) => name.startsWith("llama.cpp")).map(speed));
    console.log(`\n${length} tokens, ${options.threads} threads`);
    console.log(`${"".padEnd(30)} ${cell("tokens/s", 9)} ${cell("ratio", 6)} ${cell("peak MB", 8)} `
        + `${cell("bare GFLOP/s", 13)} ${cell("our share", 9)}  rounds`);
    for (const [name, results] of runs) {
        const busy = results.some((result) => result.cpuShare < 0.9);
        console.log(`${name.padEnd(30)} ${cell(speed(name).toFixed(1), 9)} ${cell((speed(name) / best).toFixed(2), 6)} `
            + `${cell(Math.max(...results.map((result) => result.peakMegabytes)), 8)} ${limit(results)}  `
            + results.map((result) => result.tokensPerSecond.toFixed(1)).join(" ") + (busy ? "  (machine busy)" : ""));
    }
}

/** The rate of a bare product in one of our threads, and the part of our time that all products would take at such rates. */
function limit(results) {
    if (results[0].kernels === undefined) return " ".repeat(23);
    const bare = (result) => (result.precision === "bfloat16" ? result.bareBfloat16 : result.bareFloat32);
    const share = 100 * median(results.map((result) => result.shareOfBareProducts));
    return `${cell(median(results.map(bare)).toFixed(1), 13)} ${cell(`${share.toFixed(0)} %`, 9)}`;
}
