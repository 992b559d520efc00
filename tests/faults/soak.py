"""`make soak N=10000 SEED=1`: tell as many chapters, on all cores; print the seed of each broken promise."""

import argparse
import logging
import multiprocessing
import os
import secrets
import sys
import time

from tests.faults.stories import Broken, tell

CHAPTERS = 5


def _told(seed: int) -> tuple[int, str]:
    logging.disable(logging.WARNING)
    try:
        return tell(seed, CHAPTERS), ""
    except Broken as broken:
        return 0, str(broken)
    except Exception as error:  # noqa: BLE001  what nobody thought of is a finding, with its seed
        return 0, f"seed {seed}: {type(error).__name__}: {error}"


def main() -> int:
    """Tell stories until there are enough chapters; return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--chapters", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=None)
    asked = parser.parse_args()
    first = asked.seed if asked.seed is not None else secrets.randbelow(10**9)
    worlds = max(1, -(-asked.chapters // CHAPTERS))
    print(f"seeds {first} to {first + worlds - 1}, {CHAPTERS} schedules each", flush=True)
    began, chapters, broken = time.monotonic(), 0, 0
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        for number, (told, why) in enumerate(pool.imap_unordered(_told, range(first, first + worlds)), 1):
            chapters += told
            if why:
                broken += 1
                print(f"\n{why}\n", flush=True)
            if number % 50 == 0:
                print(f"{number} worlds, {chapters} schedules, {broken} broken", flush=True)
    print(f"{chapters} schedules in {worlds} worlds, {broken} broken, {time.monotonic() - began:.0f} s")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
