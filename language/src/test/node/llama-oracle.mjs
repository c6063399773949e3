// Stock llama.cpp as an oracle: what it makes of a GGUF file, through the prebuilt library in npm's @node-llama-cpp.
//
//   npm install --ignore-scripts
//   node llama-oracle.mjs tokenize MODEL TEXT_FILE                 -> the token ids, a JSON array
//   node llama-oracle.mjs logits   MODEL TOKENS OUT [OPTION=VALUE] -> OUT: float32, (positions, vocabulary)
//   node llama-oracle.mjs loss     MODEL TOKENS OUT [OPTION=VALUE] -> OUT: float64, -ln p of each next token
//   node llama-oracle.mjs time     MODEL TOKENS     [OPTION=VALUE] -> tokens a second of the decoding alone
//   node llama-oracle.mjs write    MODEL TOKENS     [OPTION=VALUE] -> tokens a second read, and then written one by one
//
// TOKENS is a file with a JSON array of ids. Options:
//   context=N  tokens a sequence; the ids are cut into chunks of N and each begins with an empty cache (all of them)
//   batch=N    tokens a decoding step, llama.cpp's n_batch and n_ubatch (512)
//   threads=N  (2)
//   flash=on|off|auto  flash attention (off)
//   cache=f32|f16      the cache's numbers (f16)
//   first=N    the first position of each chunk whose logits are asked for (0)
//   contexts=A,B  write: how many tokens lie before the one with which writing begins (0)
//   new=N      write: tokens that are written, those of TOKENS (64)
//   bos=ID     overwrites each chunk's first token, as llama.cpp's perplexity tool does (left alone)
//
// A loss has one value for each position from `first` to the last but one of every chunk, and a partial last chunk
// is left out. All but `tokenize` print one line of JSON about the decoding alone: tokens, seconds, tokensPerSecond,
// cpuShare (of its threads' time; below about 0.9 the machine was busy), cpuSeconds and the process's peakMegabytes.
// `time` decodes one batch before, to warm up, and `write` a few tokens.
import {createRequire} from "node:module";
import {readFileSync, openSync, writeSync, closeSync} from "node:fs";
import {arch, platform} from "node:os";
import {join} from "node:path";

const GGML_TYPES = {f32: 0, f16: 1};

async function llama() {
    const system = `${platform()}-${arch()}`;
    const {binsDir} = (await import(`@node-llama-cpp/${system}`)).getBinsDir();
    const folder = join(binsDir, system);
    const library = createRequire(import.meta.url)(join(folder, "llama-addon.node"));
    library.setLogger((level, message) => { if (level <= 2) process.stderr.write(message); });
    library.setLoggerLogLevel(3);
    library.loadBackends(folder);
    await library.init();
    return library;
}

async function open(library, path, vocabOnly) {
    const model = new library.AddonModel(path, {addonExports: library, gpuLayers: 0, useMmap: true, vocabOnly});
    if (!await model.init()) throw new Error(`llama.cpp cannot load ${path}`);
    return model;
}

function options(words) {
    const chosen = {context: 0, batch: 512, threads: 2, flash: "off", cache: "f16", first: 0, bos: -1, contexts: "0", new: 64};
    for (const word of words) {
        const [name, value] = word.split("=");
        if (!(name in chosen) || value === undefined) throw new Error(`unknown option ${word}`);
        chosen[name] = typeof chosen[name] === "number" ? Number(value) : value;
    }
    return chosen;
}

/** Decodes chunk after chunk; `visit(context, logitIndexes, position, ids)` sees every batch's wanted logits. */
async function decode(library, model, ids, chosen, visit) {
    const length = chosen.context || ids.length;
    const batch = Math.min(chosen.batch, length);
    const context = new library.AddonContext(model, {
        contextSize: length, batchSize: batch, sequences: 1, threads: chosen.threads,
        flashAttention: chosen.flash === "auto" ? "auto" : chosen.flash === "on",
        kvCacheKeyType: GGML_TYPES[chosen.cache], kvCacheValueType: GGML_TYPES[chosen.cache]
    });
    if (!await context.init()) throw new Error("llama.cpp cannot make a context");
    let milliseconds = 0, microseconds = 0, decoded = 0;
    const step = async (part, at, wanted) => {
        context.initBatch(part.length);
        const indexes = context.addToBatch(0, at, part, Uint32Array.from(wanted));
        const begun = performance.now(), cpu = process.cpuUsage();
        await context.decodeBatch();
        milliseconds += performance.now() - begun;
        const {user, system} = process.cpuUsage(cpu);
        microseconds += user + system;
        decoded += part.length;
        return indexes;
    };
    if (chosen.warmUp) {
        await step(Uint32Array.from(ids.slice(0, batch)), 0, [batch - 1]);
        context.disposeSequence(0);
        milliseconds = microseconds = decoded = 0;
    }
    for (let start = 0; start + length <= ids.length; start += length) {
        const chunk = Uint32Array.from(ids.slice(start, start + length));
        if (chosen.bos >= 0) chunk[0] = chosen.bos;
        for (let at = 0; at < length; at += batch) {
            const part = chunk.subarray(at, Math.min(at + batch, length));
            const wanted = [...part.keys()].filter((i) => at + i >= chosen.first);
            const indexes = await step(part, at, wanted);
            for (let i = 0; i < wanted.length; i++) await visit(context, indexes[i], at + wanted[i], chunk);
        }
        context.disposeSequence(0);
    }
    await context.dispose();
    return {
        tokens: decoded,
        seconds: milliseconds / 1000,
        tokensPerSecond: decoded * 1000 / milliseconds,
        cpuShare: microseconds / 1000 / milliseconds / chosen.threads,
        cpuSeconds: microseconds / 1e6,
        peakMegabytes: Math.floor(process.resourceUsage().maxRSS / 1024)
    };
}

/** Reads a prompt in batches and writes tokens after it one by one, with their logits. */
async function write(library, model, ids, chosen, before, count) {
    const length = before + count + 1;
    const context = new library.AddonContext(model, {
        contextSize: length, batchSize: Math.min(chosen.batch, length), sequences: 1, threads: chosen.threads,
        flashAttention: chosen.flash === "auto" ? "auto" : chosen.flash === "on",
        kvCacheKeyType: GGML_TYPES[chosen.cache], kvCacheValueType: GGML_TYPES[chosen.cache]
    });
    if (!await context.init()) throw new Error("llama.cpp cannot make a context");
    const step = async (from, to, wanted) => {
        context.initBatch(to - from);
        context.addToBatch(0, from, Uint32Array.from(ids.slice(from, to)), Uint32Array.from(wanted));
        const begun = performance.now(), cpu = process.cpuUsage();
        await context.decodeBatch();
        const {user, system} = process.cpuUsage(cpu);
        return [performance.now() - begun, (user + system) / 1000];
    };
    let reading = 0, writing = 0, busy = 0;
    for (let at = 0; at <= before; at += chosen.batch) {
        const end = Math.min(at + chosen.batch, before + 1);
        reading += (await step(at, end, end === before + 1 ? [end - at - 1] : []))[0];
    }
    for (let at = before + 1; at < length; at++) {
        const [milliseconds, cpu] = await step(at, at + 1, [0]);
        writing += milliseconds;
        busy += cpu;
    }
    await context.dispose();
    return {
        context: before, read: (before + 1) * 1000 / reading, written: count * 1000 / writing,
        cpuShare: busy / writing / chosen.threads
    };
}

function greedy(library, model) {
    const sampler = new library.AddonSampler(model);
    sampler.applyConfig({temperature: 0});
    return sampler;
}

/** All logits of one position by token id; llama.cpp hands them out as pairs of id and logit, the largest first. */
async function logitsAt(context, sampler, index) {
    const pairs = (await context.sampleToken(index, sampler, false, false, true))[3];
    const logits = new Float32Array(pairs.length / 2);
    for (let i = 0; i < pairs.length; i += 2) logits[pairs[i]] = pairs[i + 1];
    return logits;
}

/** -ln p(target): ln sum exp(logit - largest) + largest - logit, where the sampler's own choice is the largest. */
async function lossAt(context, sampler, index, target) {
    const asked = [[target], false, false, true, 0];
    const [choice, , , pairs, sum] = await context.sampleToken(index, sampler, false, false, asked, true);
    const logit = {};
    for (let i = 0; i < pairs.length; i += 2) logit[pairs[i]] = pairs[i + 1];
    return Math.log(sum) + logit[choice] - logit[target];
}

const [command, path, ...rest] = process.argv.slice(2);
if (!["tokenize", "logits", "loss", "time", "write"].includes(command) || rest.length === 0) {
    throw new Error("usage: llama-oracle.mjs tokenize|logits|loss|time|write MODEL … (see the head of this file)");
}
const library = await llama();
const model = await open(library, path, command === "tokenize");
if (command === "tokenize") {
    const ids = model.tokenize(readFileSync(rest[0], "utf8"), false);
    console.log(JSON.stringify([...ids]));
} else {
    const ids = JSON.parse(readFileSync(rest[0], "utf8"));
    const timed = command === "time" || command === "write";
    const chosen = options(rest.slice(timed ? 1 : 2));
    const sampler = greedy(library, model);
    let result;
    if (command === "write") {
        await write(library, model, ids, chosen, 0, 32);
        const contexts = [];
        for (const before of chosen.contexts.split(",").map(Number)) {
            contexts.push(await write(library, model, ids, chosen, before, chosen.new));
        }
        result = {peakMegabytes: Math.floor(process.resourceUsage().maxRSS / 1024), contexts};
    } else if (timed) {
        result = await decode(library, model, ids, {...chosen, warmUp: true}, async () => {});
    } else {
        const out = openSync(rest[1], "w");
        result = await decode(library, model, ids, chosen, async (context, index, position, chunk) => {
            if (command === "logits") {
                writeSync(out, await logitsAt(context, sampler, index));
            } else if (position + 1 < chunk.length) {
                writeSync(out, Float64Array.of(await lossAt(context, sampler, index, chunk[position + 1])));
            }
        });
        closeSync(out);
    }
    console.log(JSON.stringify(result));
}
await model.dispose();
