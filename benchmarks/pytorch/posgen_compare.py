"""A PosGen comparison trained in plain PyTorch, all seeds of a training at once: the paper's table 1 on one GPU.

    python posgen_compare.py runs/table1-input --out runs/table1-pytorch --device cuda --precision bfloat16
    resonance report runs/table1-pytorch

The input is what prepare_posgen.py wrote. Data, frequencies, initial parameters, order of rows, model, optimiser and schedule are
those of `resonance posgen compare`; dropout masks and the rounding of products are PyTorch's. Finished cells are kept as records of
the same form, in a folder of their own whose identity says trainer = pytorch, and the same command again trains what is missing.
"""

import argparse
import datetime
import json
import math
import os
import pathlib
import platform
import subprocess
import sys
import time

import torch

from posgen_input import Comparison, epoch_order
from stacked_decoder import Sizes, StackedDecoder, negative_log_likelihoods, rotation_tables
from study_folder import Refused, StudyFolder, sha256

BETA2, ADAM_EPSILON = 0.999, 1e-8
FIXED_BETA1, HIGHEST_BETA1, LOWEST_BETA1 = 0.9, 0.95, 0.85
INITIAL_DIVISOR, FINAL_DIVISOR = 25, 1e4
CURVE_POINTS = 400
IGNORED = -1
EVALUATION_TOKENS = 1 << 18  # of one pass over all models
CHECK_SECONDS = 2.0  # between two looks at the loss and the time, for which the device is waited for
PACE_STEPS = 20  # measured before a training that can't end in time is given up
FEW_DIGITS = 9


class OutOfTime(Exception):
    """What is running can't end within the time budget."""


class Schedule:
    """The one-cycle cosine schedule with PyTorch's conventions, as OneCycleSchedule of `transformer`."""

    def __init__(self, comparison, steps):
        self.steps, self.peak = steps, comparison.number("learning-rate")
        self.warm_up_end = comparison.number("warm-up") * steps - 1
        self.cycles = comparison.identity["cycle-momentum"] == "true"

    def learning_rate(self, step):
        initial = self.peak / INITIAL_DIVISOR
        return self._annealed(step, initial, self.peak, initial / FINAL_DIVISOR)

    def beta1(self, step):
        return self._annealed(step, HIGHEST_BETA1, LOWEST_BETA1, HIGHEST_BETA1) if self.cycles else FIXED_BETA1

    def _annealed(self, step, first, middle, last):
        if step <= self.warm_up_end and self.warm_up_end > 0:
            return self._cosine(first, middle, step / self.warm_up_end)
        rest = self.steps - 1 - self.warm_up_end
        return middle if rest == 0 else self._cosine(middle, last, (step - self.warm_up_end) / rest)

    @staticmethod
    def _cosine(start, end, share):
        return end + (start - end) / 2 * (1 + math.cos(math.pi * share))


class Stack:
    """One task and one encoding of training, for several seeds at once, measured under several encodings."""

    def __init__(self, comparison, task, trained, measured, seeds, options):
        self.comparison, self.task, self.trained, self.measured, self.seeds = comparison, task, trained, measured, seeds
        self.options, self.device = options, options.device
        sets, self.data_hashes = [], []
        for seed in seeds:
            splits, data_hash = comparison.data(task, seed)
            sets.append(splits)
            self.data_hashes.append(data_hash)
        self.train, self.validation, self.test = (
            torch.stack([torch.from_numpy(splits[i]) for splits in sets]).to(self.device) for i in range(3)
        )  # (S, rows, length) each
        self.batch_rows, self.epochs = comparison.integer("batch"), comparison.integer("epochs")
        self.steps_per_epoch = math.ceil(comparison.integer("train") / self.batch_rows)
        self.steps = self.epochs * self.steps_per_epoch
        self.schedule = Schedule(comparison, self.steps)
        self.decoder = StackedDecoder(
            Sizes(comparison), seeds, dtype(options.precision), dtype(options.attention_precision)
        ).to(self.device)
        self.optimizer = torch.optim.AdamW(
            self.decoder.parameters(),
            betas=(FIXED_BETA1, BETA2),
            eps=ADAM_EPSILON,
            weight_decay=comparison.number("weight-decay"),
            fused=True,
        )
        self.losses = torch.zeros(self.steps, len(seeds), device=self.device)
        self.validation_curves = {encoding: [[] for _ in seeds] for encoding in measured}
        self.evaluation_seconds = dict.fromkeys(measured, 0.0)
        self.training_seconds = 0.0

    def run(self, told, deadline):
        """Trains to the end; gives the results by encoding and seed. Told of steps done and the loss now and then.

        Raises OutOfTime as soon as it is known that the end comes after the deadline (time.monotonic).
        """
        step_loss = torch.compile(self._loss, dynamic=False) if self.options.compile else self._loss
        tables = self._tables(self.trained, self.comparison.trained_length)
        torch.manual_seed(int(sha256(f"{self.task} {self.trained} {self.seeds}")[:15], 16))  # the dropout masks
        began = checked = time.monotonic()
        paced_from = None
        for step in range(self.steps):
            epoch, in_epoch = divmod(step, self.steps_per_epoch)
            if in_epoch == 0:
                rows = self.train.shape[1]
                order = torch.tensor([epoch_order(rows, seed, epoch) for seed in self.seeds]).to(self.device)
            self._step(step, order[:, in_epoch * self.batch_rows : (in_epoch + 1) * self.batch_rows], step_loss, tables)
            last = step + 1 == self.steps
            if last or time.monotonic() - checked >= CHECK_SECONDS:
                loss = self.losses[step].tolist()  # waits for the device
                checked = time.monotonic()
                told.stepped(step + 1, self.steps, loss)
                if paced_from is None:
                    paced_from = step + 1, checked  # what came before compiled and loaded code
                elif step + 1 - paced_from[0] >= PACE_STEPS:
                    pace = (checked - paced_from[1]) / (step + 1 - paced_from[0])  # validations included
                    late = checked + pace * (self.steps - step - 1) - deadline
                    if late > 0:
                        raise OutOfTime(f"would have ended {duration(late)} late")
                if checked > deadline:
                    raise OutOfTime("the time is up")
            if in_epoch + 1 == self.steps_per_epoch and (epoch + 1) % self.comparison.integer("validate-every") == 0:
                self._validate(step + 1, epoch + 1)
        self.synchronize()
        self.training_seconds = time.monotonic() - began - sum(self.evaluation_seconds.values())
        return [result for encoding in self.measured for result in self._results(encoding)]

    def _step(self, step, rows, step_loss, tables):
        group = self.optimizer.param_groups[0]
        group["lr"], group["betas"] = self.schedule.learning_rate(step), (self.schedule.beta1(step), BETA2)
        models = torch.arange(len(self.seeds), device=self.device)[:, None]
        inputs, targets = self._batch(self.train[models, rows])
        self.decoder.train()
        losses = step_loss(inputs, targets, *tables)  # (S)
        self.optimizer.zero_grad()
        losses.sum().backward()  # the models share nothing, so each gets the gradient of its own loss
        self.optimizer.step()
        self.losses[step] = losses.detach()

    def _loss(self, inputs, targets, cosines, sines):
        """Mean cross-entropy over the generated tokens of each model's batch, (S)."""
        likelihoods = negative_log_likelihoods(self.decoder(inputs, cosines, sines), targets)
        return likelihoods.flatten(1).sum(1) / (targets[0] >= 0).sum()

    def _batch(self, sequences):
        """What a decoder reads and is to predict: one start token m comes first, seed tokens are not predicted."""
        start = torch.full_like(sequences[..., :1], self.comparison.integer("modulus"))
        targets = sequences.clone()
        targets[..., : self.comparison.seed_tokens] = IGNORED
        return torch.cat((start, sequences[..., :-1]), -1), targets

    def _tables(self, encoding, length):
        return rotation_tables(*self.comparison.table(encoding, length), self.device)

    @torch.no_grad()
    def _measured(self, encoding, sequences):
        """Hits by position (S, length) and the mean loss (S) on one split."""
        self.synchronize()
        began = time.monotonic()
        self.decoder.eval()
        models, rows, length = sequences.shape
        tables = self._tables(encoding, length)
        hits = torch.zeros(models, length, dtype=torch.int64, device=self.device)
        loss = torch.zeros(models, dtype=torch.float64, device=self.device)
        for chunk in sequences.split(max(1, EVALUATION_TOKENS // (models * length)), 1):
            inputs, targets = self._batch(chunk)
            logits = self.decoder(inputs, *tables)
            hits += (logits.argmax(-1).view(chunk.shape) == chunk).sum(1)
            loss += negative_log_likelihoods(logits, targets).flatten(1).double().sum(1)
        scored = rows * (length - self.comparison.seed_tokens)
        result = hits.cpu().numpy(), (loss / scored).tolist()
        self.evaluation_seconds[encoding] += time.monotonic() - began
        return result

    def _accuracies(self, hits, rows):
        """ID and OOD accuracy of one model, fractions."""
        trained, seeds = self.comparison.trained_length, self.comparison.seed_tokens
        inside, beyond = hits[seeds:trained], hits[trained:]
        return float(inside.sum() / (inside.size * rows)), float(beyond.sum() / (beyond.size * rows))

    def _validate(self, steps, epoch):
        for encoding in self.measured:
            hits, losses = self._measured(encoding, self.validation)
            for model, loss in enumerate(losses):
                inside, beyond = self._accuracies(hits[model], self.validation.shape[1])
                self.validation_curves[encoding][model].append(
                    {
                        "step": steps,
                        "epoch": float(epoch),
                        "loss": rounded(loss),
                        "idAccuracy": rounded(inside),
                        "oodAccuracy": rounded(beyond),
                    }
                )

    def _results(self, encoding):
        """The records of this encoding's cells; none for a model whose loss or parameters are not finite."""
        hits, test_losses = self._measured(encoding, self.test)
        losses = self.losses.cpu()
        rows, length = self.test.shape[1], self.comparison.trained_length
        tokens = self.epochs * self.comparison.integer("train") * length
        for model, seed in enumerate(self.seeds):
            parameters = self.decoder.flat(model)
            finite = all(map(math.isfinite, [*losses[:, model].tolist(), test_losses[model], float(parameters.sum())]))
            if not finite:
                yield {"task": self.task, "encoding": encoding, "seed": seed, "diverged": True}
                continue
            inside, beyond = self._accuracies(hits[model], rows)
            # Models of a stack run at the same time, so each has its share of the stack's.
            training, evaluation = (s / len(self.seeds) for s in (self.training_seconds, self.evaluation_seconds[encoding]))
            yield {
                "task": self.task,
                "encoding": encoding,
                "seed": seed,
                "idAccuracy": rounded(inside),
                "oodAccuracy": rounded(beyond),
                "accuracyByPosition": [rounded(float(count) / rows) for count in hits[model]],
                "trainTokensPerSecond": rounded(tokens / training),
                "wallSeconds": rounded(training + evaluation),
                "parametersHash": sha256(parameters.astype("<f4").tobytes()),
                "dataHash": self.data_hashes[model],
                "software": f"{SCRIPT} with PyTorch {torch.__version__}",
                "trainingCurve": [
                    {
                        "step": step + 1,
                        "loss": rounded(float(losses[step, model])),
                        "learningRate": rounded(self.schedule.learning_rate(step)),
                    }
                    for step in range(self.steps)
                    if step == 0
                    or (step + 1) % max(1, self.steps // CURVE_POINTS) == 0
                    or step + 1 == self.steps
                ],
                "validationCurve": self.validation_curves[encoding][model],
            }

    def synchronize(self):
        if self.device.type == "cuda":
            torch.cuda.synchronize()


SCRIPT = "posgen_compare.py"


def rounded(value):
    """A measured figure with as many digits as float32 has, at most."""
    return float(f"{value:.{FEW_DIGITS}g}")


def dtype(precision):
    return torch.bfloat16 if precision == "bfloat16" else torch.float32


class Progress:
    """Lines on stderr: one that is kept up to date in a terminal, one every twenty seconds elsewhere."""

    def __init__(self, total_steps):
        self.total, self.done = total_steps, 0
        self.interval = 1.0 if sys.stderr.isatty() else 20.0
        self.told = time.monotonic()
        self.name, self.measured_from = "", None

    def started(self, name):
        self.name = name
        self.line(f"{name}: started")

    def stepped(self, step, steps, losses):
        now = time.monotonic()
        done = self.done + step
        if self.measured_from is None:
            self.measured_from = done, now
        if now - self.told < self.interval and step < steps:
            return
        self.told = now
        pace = (now - self.measured_from[1]) / max(1, done - self.measured_from[0])
        left = f", about {duration(pace * (self.total - done))} left of all" if done > self.measured_from[0] else ""
        mean = sum(losses) / len(losses)
        self.line(f"{self.name}: step {step}/{steps}, mean loss {mean:.4f}{left}", step < steps)

    def finished(self, steps):
        self.done += steps

    def line(self, text, passing=False):
        if sys.stderr.isatty():
            print(f"\r\033[K{text}", end="" if passing else "\n", file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr, flush=True)


def duration(seconds):
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def provenance(comparison, options):
    """With what, where and when, in the fields of our records; where those speak of Java, this says what there is instead."""
    try:
        commit = subprocess.run(
            ["git", "-C", str(pathlib.Path(__file__).parent), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        commit = f"unknown; planned by {comparison.planned_by['gitCommit']}"
    processor = platform.machine()
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if os.path.exists("/proc/cpuinfo") else ():
        if line.startswith("model name"):
            processor = line.split(":", 1)[1].strip()
            break
    if options.device.type == "cuda":
        processor = f"{torch.cuda.get_device_name()}, {processor}"
    return {
        "softwareVersion": SCRIPT,
        "gitCommit": commit,
        "javaVersion": f"none; Python {platform.python_version()}",
        "libTorchVersion": f"PyTorch {torch.__version__}",
        "operatingSystem": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processor": processor,
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "commandLine": " ".join(["python", *sys.argv]),
    }


def identity(comparison, options):
    """The settings that change a result; never equal to those of our trainer, whose folders refuse these cells."""
    settings = dict(comparison.identity, precision=options.precision, device=options.device.type)
    if options.device.type == "cpu":
        settings["threads"] = str(options.threads)
    else:
        del settings["threads"]
    settings["trainer"] = "pytorch"
    settings["attention-precision"] = options.attention_precision
    settings["compile"] = str(options.compile).lower()
    return settings


def stacks(comparison, folder, options):
    """What is missing: a task, an encoding of training, the encodings measured, and the seeds that any of them lacks."""
    for task in options.tasks or comparison.tasks:
        trainings = {}
        for encoding in options.encodings or comparison.encodings:
            trainings.setdefault(comparison.trained_with(encoding), []).append(encoding)
        for trained, measured in trainings.items():
            seeds = options.seeds or comparison.seeds
            missing = [seed for seed in seeds if any(folder.find(task, encoding, seed) is None for encoding in measured)]
            if missing:
                yield task, trained, measured, missing


def compare(options):
    """Trains what is missing; gives a summary, whose `complete` says whether everything asked for is finished."""
    began = time.monotonic()
    comparison = Comparison(options.input)
    if options.epochs is not None:
        comparison.identity["epochs"] = str(options.epochs)
        comparison.plan["reference"] = {"name": "", "source": "", "entries": []}  # published for other settings
    for name in ("tasks", "encodings", "seeds"):
        for value in getattr(options, name) or ():
            if value not in getattr(comparison, name):
                planned = ", ".join(map(str, getattr(comparison, name)))
                raise Refused(f"--{name} must be among the plan's, {planned}, was {value}; prepare another plan")
    folder = StudyFolder(options.out, comparison.plan, identity(comparison, options), provenance(comparison, options))
    work = list(stacks(comparison, folder, options))
    cells = sum(len(measured) * len(seeds) for _, _, measured, seeds in work)
    steps = comparison.integer("epochs") * math.ceil(comparison.integer("train") / comparison.integer("batch"))
    progress = Progress(steps * len(work))
    progress.line(f"{cells} cells to finish in {len(work)} trainings of {steps} steps, seeds side by side")
    deadline = began + options.time_budget if options.time_budget else math.inf
    summary = {"complete": True, "finished": 0, "diverged": [], "trainings": []}
    longest = 0.0
    for task, trained, measured, seeds in work:
        started = time.monotonic()
        name = f"{task} / {trained} / {len(seeds)} seed{'s' * (len(seeds) > 1)}"
        if started + longest > deadline:
            progress.line(f"{name}: not begun, since the last took {duration(longest)}")
            summary["complete"] = False
            continue
        progress.started(name)
        stack = Stack(comparison, task, trained, measured, seeds, options)
        try:
            results = stack.run(progress, deadline)
        except OutOfTime as e:
            progress.line(f"{name}: given up, {e}")
            summary["complete"] = False
            break
        for result in results:
            key = f"{result['task']} / {result['encoding']} / seed {result['seed']}"
            if "diverged" in result:
                summary["diverged"].append(key)
                progress.line(f"{key}: the loss is not finite; nothing is kept of it")
                continue
            folder.keep(result)
            summary["finished"] += 1
            progress.line(f"{key}: ID {100 * result['idAccuracy']:.1f} %, OOD {100 * result['oodAccuracy']:.1f} %")
        progress.finished(steps)
        longest = time.monotonic() - started
        tokens = len(seeds) * stack.epochs * comparison.integer("train") * comparison.trained_length
        summary["trainings"].append(
            {
                "task": task,
                "trainedWith": trained,
                "seeds": seeds,
                "seconds": longest,
                "trainingSeconds": stack.training_seconds,
                "tokensPerSecond": tokens / stack.training_seconds,
            }
        )
        progress.line(f"{name}: {duration(longest)}, {tokens / stack.training_seconds:,.0f} tokens/s")
    summary["complete"] = summary["complete"] and not summary["diverged"]
    summary["seconds"] = time.monotonic() - began
    return summary


def parse(arguments):
    parser = argparse.ArgumentParser(
        description="A PosGen comparison in plain PyTorch, all seeds of a training at once.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    names = lambda text: text.split(",")
    parser.add_argument("input", type=pathlib.Path, help="folder that prepare_posgen.py wrote")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder of the records, for `resonance report`")
    parser.add_argument("--tasks", type=names, help="of the plan's; all if not given")
    parser.add_argument("--encodings", type=names, help="of the plan's; all if not given")
    parser.add_argument("--seeds", type=lambda text: list(map(int, names(text))), help="of the plan's; all if not given")
    parser.add_argument("--epochs", type=int, help="instead of the plan's")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", choices=("cpu", "cuda"))
    parser.add_argument(
        "--precision",
        default="float32",
        choices=("float32", "tf32", "bfloat16"),
        help="factors of the products with weights; parameters, norms and logits are float32",
    )
    parser.add_argument(
        "--attention-precision",
        default="float32",
        choices=("float32", "bfloat16"),
        help="queries, keys and values after the rotation; our trainer has float32",
    )
    parser.add_argument("--compile", action="store_true", help="torch.compile the step; needs a C++ compiler or Triton")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="on the CPU")
    parser.add_argument("--time-budget", type=float, help="seconds from the start; nothing is begun that would end later")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    options = parser.parse_args(arguments)
    for name in ("epochs", "time_budget", "threads"):
        value = getattr(options, name)
        if value is not None and not value > 0:
            parser.error(f"--{name.replace('_', '-')} must be above 0, was {value}")
    if options.device == "cuda" and not torch.cuda.is_available():
        parser.error("--device cuda must be there, PyTorch sees none; use --device cpu")
    options.device = torch.device(options.device)
    return options


def main():
    options = parse(sys.argv[1:])
    torch.set_num_threads(options.threads)
    if options.precision == "tf32":
        torch.set_float32_matmul_precision("high")
    try:
        summary = compare(options)
    except Refused as refusal:
        sys.exit(f"{SCRIPT}: {refusal}")
    except KeyboardInterrupt:
        print(f"\nStopped; finished cells are kept in {options.out}. The same command goes on.", file=sys.stderr)
        sys.exit(130)
    if options.json:
        print(json.dumps(summary, indent=2))
    else:
        print(f"{summary['finished']} cells finished in {duration(summary['seconds'])}. Show them: resonance report {options.out}")
    sys.exit(0 if summary["complete"] else 1)


if __name__ == "__main__":
    main()
