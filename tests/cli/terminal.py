"""Running the real command line in a process of its own, with a home of its own."""

import os
import subprocess
import sys
from pathlib import Path

from glassworks.specs.machine import MachineSpec
from glassworks.storage.atomic import write_json

ENTRY = "from glassworks.cli.main import main; main()"
LIMIT_S = 240
TINY = """
format: 1
name: tiny
title: A tiny model
output: train.checkpoint
nodes:
  data: {stage: import_dataset, config: {source: {kind: text_file, path: PATH, cut: paragraphs}}}
  split: {stage: split_dataset, inputs: {dataset: data.dataset}}
  tokenizer:
    stage: train_tokenizer
    inputs: {dataset: split.train}
    config: {trainer: {kind: byte_bpe, vocab_size: 300}}
  tokens:
    stage: tokenize_dataset
    inputs: {train: split.train, validation: split.validation, tokenizer: tokenizer.tokenizer}
  train:
    stage: train_model
    inputs:
      train: tokens.train
      validation: tokens.validation
      tokenizer: tokenizer.tokenizer
      architecture: {inline: {context: 16, width: 16, layers: 1, attention: {kind: grouped, heads: 1}}}
    config: {steps: 6, batch_size: 2, threads: 1, evaluate_every: 3, sample_every: 3, sample_tokens: 5, checkpoint_every: 2}
  evaluate:
    stage: evaluate_model
    inputs:
      checkpoint: train.checkpoint
      validation: tokens.validation
      train: tokens.train
      tokenizer: tokenizer.tokenizer
    config: {prompts: ["", "The king"], sample: {max_tokens: 8}, threads: 1}
"""


class Terminal:
    """A home folder, a tiny recipe in it, and the command line."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.recipe = folder / "tiny.yaml"
        text = folder / "text.txt"
        lines = (f"The king said {n} words to the queen, and {n * 7} more." for n in range(120))
        text.write_text("\n\n".join(lines))
        self.recipe.write_text(TINY.replace("PATH", str(text)))
        self.home.mkdir()
        machine = MachineSpec(
            measured_at="2026-01-01T00:00:00.000000Z",
            hostname="test",
            platform="test",
            python="3.11",
            torch="2",
            processor="test",
            num_cores=1,
            memory_bytes=2**33,
        )
        write_json(self.home / "machine.json", machine.to_json())

    def run(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", ENTRY, *arguments],
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", ENTRY, *arguments],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def environment(self, **more: str) -> dict[str, str]:
        hidden = {"GLASSWORKS_STORE", "GLASSWORKS_DEBUG", "NO_COLOR", "FORCE_COLOR", "COLUMNS"}
        kept = {name: value for name, value in os.environ.items() if name not in hidden}
        return {**kept, "GLASSWORKS_HOME": str(self.home), "OMP_NUM_THREADS": "1", **more}
