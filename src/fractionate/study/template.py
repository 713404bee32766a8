"""The commented study file that `fractionate init` writes."""

TEMPLATE = """# A Fractionate study: which part of a teacher's traces does this student need?
# Run it with `fractionate study study.toml`; killed at any moment, the same command goes on.
name = "mine"
question = "Which supervision carries over?"
seeds = [0]                       # more seeds: the same arms trained again

[data]
files = ["traces.jsonl"]          # JSONL, JSON, Parquet or folders; the format is detected
# format = "chat"                 # … or forced; `fractionate read FILE` says what was detected
# mapping = { problem = "my.column", response = "my.other", gold = "answer" }
keep = "right"                    # learn from traces that end right ("all": from every trace)
# checker = "math"                # how answers are compared: math, choice, exact, your own
# select = "varied"               # which come first: random, short, long, varied shapes, hard for the student
# per_problem = 2                 # at most so many traces of a problem
# teachers = "equal"              # several teachers: as many traces of each, as far as they reach
# train = 600                     # how many problems an arm learns from (default: all)
development = 0.15                # share of the problems that students are asked in-format
confirmation = 0.1                # share that is kept back for later
# world = "ledger"                # instead of files: generated problems with exact anatomy (or chains, mazes)
# depth = [1, 3]                  # steps to the answer
# distractors = [0, 1]
# numbers = [3, 50]
# verbosity = "chatty"            # of the symbolic teacher: terse, plain, chatty

[student]
model = "smollm2-135m"            # built in; or a local folder, a hub id, scratch:small, NAME?layers=12
adapter = "none"                  # full fine-tuning, or "lora"

[training]                        # the same for every arm
epochs = 2
learning_rate = 2e-4
batch_size = 16
# [training.representation]       # an arm more, "answer_only+representation": its hidden states are also
# recipes = ["answer_only"]       # taught to know the next intermediate result, where it begins to write
# weight = 0.5                    # beside 1 for the loss on the text
# layer = 0.67                    # at this share of the depth; there every arm is probed after training

[arms]                            # the untouched base is always asked too
recipes = ["answer_only", "full", "compact", "decision_points", "random_drop"]
# also: plan, solution_only, think_only; and schedules, which change during training:
# "internalize?from=full&by=front", "ramp?short=answer_only&long=full", "mix?long=full&short=plan&ratio=0.2"
# reference = "full"              # default: the best of full, solution_only and compact

[transfer]                        # or suite = "transfer-quick": a fixed, versioned set of cells
items = 100                       # problems a cell
styles = ["reworded", "question_first", "noisy", "boxed"]
benchmarks = ["gym:leg_counting"] # names (svamp, asdiv, gsm8k_test …), local files, gym:<family>
# harder = ["gsm8k_test"]         # the same, counted as more difficult than what was trained
# layers = ["decomposition", "coherence", "search", "error correction"]   # of reasoning, each measured by itself:
#                                 # a search says which are imitated, rebuilt or lost (`fractionate list` has all)
max_new_tokens = 256
# temperature = 0.7               # sampled pass@1 instead of greedy …
# samples = 4                     # … over this many samples an item

[decision]
margin = 0.02                     # how far below the reference still counts as not worse

[search]                          # for `fractionate search`: arms.recipes are candidates
# recipes = ["compact@short", "internalize?from=full", "keep?r=0.3&by=effect"]    # more: with an order of traces,
#                                 # schedules, other importances, +representation
# roles = "half"                  # and the roles switched on and off: none, half or full factorial
# factors = ["decomposition", "structure", "content", "error_signals", "language"]
# rungs = [0.25, 0.5, 1.0]        # shares of the problems that candidates climb
# stop_early = false              # go on although the references learn next to nothing
# rates = [1.0, 3.0]              # times learning_rate, tried by every candidate in the first rung
# confirm_seeds = 3               # fresh seeds for the recipe that is chosen and the reference …
# confirm_questions = 3           # … and so many times as many questions, where a world makes them
# confirm_cheaper = 2             # recipes cheaper still that follow in turn, each if the one before held
# confirm_draw = 2                # other questions and seeds: for a search repeated after a confirmation was seen
# equal_compute = true            # also train what is chosen with as many FLOPs as the reference
# adapt = "confirmed"             # how they take up families never seen; "all": every student of the factorial
# cost = "supervised_tokens"      # what is to be small
# not_worse = { "worst style" = 0.05, "style: boxed" = 0.05, "svamp" = 0.05, "layer: coherence" = 0.1 }
# longer = 1.5                    # its answers at most so many times as long
"""
