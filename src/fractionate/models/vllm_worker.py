"""vLLM behind a pipe: a program for the interpreter that has vLLM, which need not have this package.

    python vllm_worker.py '{"model": "runs/x/checkpoint", "dtype": "bfloat16", "max_model_len": 2048}'

Prints {"ready": true} once the model is loaded. Each input line is a list of requests {"ids": […], "params": {…}}, the
parameters being those of `vllm.SamplingParams`; for each request one line {"index", "ids", "reason", "logprobs"} comes
back as soon as it is complete. Everything else that vLLM has to say goes to standard error.
"""

import json
import os
import sys
from typing import Any


def main() -> None:
    """Load, then answer until the input ends."""
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    from vllm import EngineArgs, LLMEngine, SamplingParams

    engine = LLMEngine.from_engine_args(EngineArgs(**json.loads(sys.argv[1])))
    print(json.dumps({"ready": True}), file=replies)
    for line in sys.stdin:
        for index, request in enumerate(json.loads(line)):
            params = SamplingParams(**request["params"])
            engine.add_request(str(index), {"prompt_token_ids": request["ids"]}, params)
        while engine.has_unfinished_requests():
            for output in engine.step():
                if output.finished:
                    print(json.dumps(reply(output)), file=replies)


def reply(output: Any) -> dict[str, Any]:
    """What a finished request gave; the log-probability of each chosen token, where asked for."""
    done = output.outputs[0]
    ids = list(done.token_ids)
    known = done.logprobs and [at[token].logprob for at, token in zip(done.logprobs, ids, strict=True)]
    return {"index": int(output.request_id), "ids": ids, "reason": done.finish_reason, "logprobs": known}


if __name__ == "__main__":
    main()
