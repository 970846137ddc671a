"""A second implementation of the wire contract: see README.md beside this file."""

import pathlib
import sys

USAGE = """usage: python3 Tests/IndependentPeer make VECTORS
       python3 Tests/IndependentPeer check VECTORS
       python3 Tests/IndependentPeer pull HOME COALITION"""


def main(arguments):
    match arguments:
        case ["make", folder]:
            import vectors

            vectors.make(pathlib.Path(folder))
            return 0
        case ["check", folder]:
            import check

            return 0 if check.check(pathlib.Path(folder)) else 1
        case ["pull", home, coalition]:
            import pull

            return 0 if pull.pull(pathlib.Path(home), coalition) else 1
    print(USAGE, file=sys.stderr)
    return 64


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
