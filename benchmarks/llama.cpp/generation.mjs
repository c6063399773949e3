// The work of benchmarks/compare-generation, which says what this does and how to call it.
import {availableParallelism} from "node:os";
import {join, resolve} from "node:path";
import {cell, comparison, keep, lastLine, median} from "./comparison.mjs";

const [root, ...words] = process.argv.slice(2);
const {options, tokens, list, java, oracle} = comparison("compare-generation", root, words, {
    rounds: "3", contexts: "0,2048,8192", new: "64", threads: String(Math.min(2, availableParallelism())),
    text: join(root, "shipped", "text", "cranford.txt"), model: join(root, "models", "SmolLM2-135M-Instruct.Q4_1.gguf"),
    precisions: "auto", flash: "on,off"
});

const ours = (precision) => lastLine(java("GenerationThroughput", [
    "--model", options.model, "--text", options.text, "--contexts", options.contexts, "--new", options.new,
    "--precision", precision, "--threads", options.threads, "--tokens", tokens
]));

const theirs = (flash) => oracle("write", resolve(options.model), tokens,
    `contexts=${options.contexts}`, `new=${options.new}`, `threads=${options.threads}`, `flash=${flash}`);

const runs = new Map();
for (let round = 0; round < Number(options.rounds); round++) {
    for (const precision of list("precisions")) keep(runs, `ours, ${precision}`, ours(precision));
    for (const flash of list("flash")) keep(runs, `llama.cpp, flash attention ${flash}`, theirs(flash));
}

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
