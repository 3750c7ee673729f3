#!/usr/bin/env python3
"""Compares our verdicts with a server's.

compare.py OURS THEIRS: prints each document on which the verdicts differ, or on which both refuse and share no (reason, field),
then the numbers. Exits 1 where a verdict differs.
"""
import json
import sys


def read(path):
    with open(path) as lines:
        return {entry["id"]: entry for entry in map(json.loads, lines)}


def main():
    ours, theirs = read(sys.argv[1]), read(sys.argv[2])
    differ = apart = refused = 0
    for key, their in theirs.items():
        our = ours[key]
        accepted = 200 <= their["status"] < 300
        if accepted != (not our["causes"]):
            differ += 1
            print("VERDICT", key, "server", their["status"], their["causes"], "ours", our["causes"])
        elif not accepted:
            refused += 1
            places = {(cause[0], cause[1]) for cause in their["causes"]}
            if their["status"] == 422 and not places & {(cause[0], cause[1]) for cause in our["causes"]}:
                apart += 1
                print("PLACE", key, "server", their["causes"], "ours", our["causes"])
    total = len(theirs)
    print(f"{total} documents: {total - differ} verdicts agree, {differ} differ; of {refused} refused by both, {apart} at other fields")
    sys.exit(differ > 0)


if __name__ == "__main__":
    main()
