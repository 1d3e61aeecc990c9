#!/usr/bin/env python3
"""Plays twenty trajectories of others beside that of Milan, through the command line as a worker would. Keeps the clock.

Reads the number of a day on each line, plays what happens until then, sets the clock of the story to that day and answers
"day N". Everything is drawn from one seed: names, words and moments are invented, and the same in each run.
"""
import argparse
import json
import os
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import kinds

DAY = 86400
# How many days pass at a time: the end of the year is what a newcomer finds waiting.
COARSE, FINE, LATE = 14, 4, 280


class Refused(RuntimeError):
    """What the agent did not do, by the rule that it named."""


class Region:
    """The command lines of the organisations, and the clock that they run on."""

    def __init__(self, demo, programs, year):
        self.demo, self.programs, self.year, self.today = demo, programs, year, 0
        self.clock = os.open(os.path.join(demo, "clock"), os.O_RDWR | os.O_CREAT, 0o600)
        self.leap(0)
        self.environment = dict(os.environ, LD_PRELOAD=os.path.join(demo, "clock.so"), STORY_CLOCK=os.path.join(demo, "clock"))

    def organisations(self):
        return set(os.listdir(os.path.join(self.demo, "agents")))

    def leap(self, day):
        os.pwrite(self.clock, struct.pack("=q", (day - self.year) * DAY), 0)
        self.today = day

    def now(self):
        return time.time() + (self.today - self.year) * DAY

    def say(self, organisation, person, *arguments):
        command = [os.path.join(self.programs, "schakel"), "--lang", "nl", "--as", person, "--json", *arguments]
        environment = dict(self.environment, SCHAKEL_SOCKET=os.path.join(self.demo, "agents", organisation, "agent.sock"))
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return json.loads(done.stdout)
        print(organisation, *arguments, done.stdout, done.stderr, file=sys.stderr, flush=True)
        raise Refused(f"{organisation}: {' '.join(arguments[:2])} is refused")

    def settled(self, organisation):
        """Waits until nothing that it said is on its way: a leap would make it old."""
        while self.say(organisation, "klok", "status")["outbox"] > 0:
            time.sleep(0.1)


def play(cases, region, until, workers):
    """Whoever is due goes on, in the order of the days, until all wait for a later one."""
    spoke = region.organisations()
    while True:
        due = [case for case in cases if case.due is not None and case.due <= until]
        if not due:
            return
        first = min(case.due for case in due)
        span = FINE if first >= LATE else COARSE
        day = max(region.today, min(first // span * span + span - 1, until))
        if day > region.today:
            list(workers.map(region.settled, spoke))
            region.leap(day)
        spoke = {case.lead for case in due}
        list(workers.map(kinds.Case.go_on, [case for case in due if case.due <= day]))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", required=True)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--year", type=int, required=True)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    region = Region(options.demo, options.bin, options.year)
    cases = kinds.draw(region, options.seed)
    with ThreadPoolExecutor(2) as workers:
        for line in sys.stdin:
            day = int(line)
            try:
                play(cases, region, day, workers)
                if day > region.today:
                    list(workers.map(region.settled, region.organisations()))
                    region.leap(day)
            except Refused as refused:
                print(f"refused: {refused}", flush=True)
                return 1
            with open(os.path.join(options.demo, "others.txt"), "w", encoding="utf-8") as listed:
                listed.writelines(f"{case.id}\t{case.lead}\t{case.kind}\n" for case in cases if case.id)
            print(f"day {day}", flush=True)
            if day >= options.year:
                break
    return 0


if __name__ == "__main__":
    sys.exit(main())
