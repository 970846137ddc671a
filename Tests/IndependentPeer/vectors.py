"""Makes the vectors of signed objects."""

import json

import alliance_vectors
import governance_vectors
import ledger_vectors

SOURCE = "made by Tests/IndependentPeer, another implementation, from Docs/protocol.md"
FILES = {
    "statement": ledger_vectors.statements, "head": ledger_vectors.heads, "receipt": ledger_vectors.receipts,
    "record": alliance_vectors.records, "roster": alliance_vectors.rosters, "card": alliance_vectors.cards,
    "roster-chain": governance_vectors.rosters_later, "roster-statement": governance_vectors.statements,
    "roster-decision": governance_vectors.decisions,
    "alliance-file": alliance_vectors.alliance_files, "hash-key": alliance_vectors.hash_keys,
}


def make(folder):
    for name, content in FILES.items():
        text = json.dumps({"source": SOURCE, **content()}, indent=1, ensure_ascii=False)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
