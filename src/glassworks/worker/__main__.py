"""`python -m glassworks.worker run|tools|serve|export`: what the engine starts. Not for people: they have `glassworks`.

Unusual: the wish to stop is listened for before anything heavy is imported, so that it is never lost.
"""

import argparse
import sys
from pathlib import Path

from glassworks.worker.stopping import listen_for_stop


def main() -> int:
    options = _parser().parse_args()
    if options.command == "run":
        should_stop = listen_for_stop()
        from glassworks.worker.run import run_attempt

        return run_attempt(options.attempt.absolute(), should_stop)
    if options.command == "tools":
        from glassworks.worker.tools import answer_requests

        return answer_requests()
    if options.command == "export":
        from glassworks.worker.export import export_dataset

        return export_dataset(options.folder, options.format)
    from glassworks.worker.serve import serve

    return serve(options.socket, options.store, options.threads)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m glassworks.worker")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run the stage that an attempt's order.json names")
    run.add_argument("attempt", type=Path)
    commands.add_parser("tools", help="answer questions, JSON lines on standard input and output")
    serve = commands.add_parser("serve", help="hold a model and answer on a Unix socket")
    serve.add_argument("--socket", type=Path, required=True)
    serve.add_argument("--store", type=Path, required=True)
    serve.add_argument("--threads", type=int, default=1)
    export = commands.add_parser("export", help="write a dataset as a file to standard output")
    export.add_argument("folder", type=Path)
    export.add_argument("format", choices=("jsonl", "csv", "parquet", "txt"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
