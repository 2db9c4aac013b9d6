"""How long a scan for duplicates takes: `python bench/duplicates.py 100000 [1000000] [--bare]`.

Makes that many contacts in a workspace of its own (names by frequency, a tenth of them entered twice with a slip), scans them as a job would, and prints
seconds, pairs, precision, recall and the process's peak memory. Everything runs in one transaction that is rolled back: nothing is left behind.
With `--bare` the records go to the finder straight from memory, without a table of contacts: filling one costs longer than scanning it.
Runs under the role that owns the tables or the one that serves; the figures in docs/explanation/duplicates.md name the machine.
"""

from __future__ import annotations

import random
import resource
import sys
import time
import uuid
from typing import Any

import django

GIVEN = ["Anna", "Peter", "Maria", "Jonas", "Clara", "Felix", "Laura", "David", "Sofia", "Paul", "Emma", "Leon", "Mia", "Lukas", "Lena", "Max", "Julia", "Tim", "Sara", "Jan", "Nora", "Erik", "Ida", "Karl", "Ella", "Otto", "Frida", "Hugo", "Alma", "Oskar"]
ENDS = ["mann", "berg", "stein", "feld", "bach", "hofer", "ler", "ner", "sen", "son", "er", "ing", "haus", "wald", "dorf", "meier"]
STARTS = ["Al", "Bren", "Cor", "Dal", "Eber", "Fal", "Gar", "Hol", "Iver", "Jan", "Kol", "Lin", "Mar", "Nor", "Ott", "Pel", "Quer", "Ros", "Sal", "Tor", "Ul", "Vel", "Wer", "Zim", "Bran", "Stro", "Kel", "Hag", "Mol", "Rein"]
TOWNS = [f"{a}{b}" for a in ("Nord", "Süd", "Alt", "Neu", "Hohen", "Ober", "Unter", "Bad ") for b in ("stadt", "hausen", "burg", "kirchen", "furt", "au", "tal", "heim")]


def people(count: int) -> Any:
    """(first, last, e-mail, phone, city, number of the person): a tenth are somebody who was there before, with a slip in one or two values."""
    chance = random.Random(7)
    given = [f"{g}{e}" for g in GIVEN for e in ("", "", "e", "o", "a")] + [f"{g}{g.lower()[:n]}" for g in GIVEN for n in (2, 3, 4)]
    family = [f"{s}{m}{e}" for s in STARTS for m in ("", "te", "ke", "li", "ra", "no", "de") for e in ENDS]
    weights = [1 / (n + 3) for n in range(len(family))]
    last_names = chance.choices(family, weights, k=count)
    for n in range(count):
        first, last, town = chance.choice(given), last_names[n], chance.choice(TOWNS)
        mail = f"{first}.{last}{n % 997}@firm{n % 40_000}.example".lower() if chance.random() < 0.8 else ""
        phone = f"+4930{n:08}" if chance.random() < 0.6 else ""
        yield first, last, mail, phone, town, n
        if chance.random() < 0.111:
            slip = chance.randrange(4)
            again = [first, last, mail, phone, town]
            if slip == 0 and len(last) > 3:
                at = chance.randrange(1, len(last) - 1)
                again[1] = last[:at] + last[at + 1] + last[at] + last[at + 2 :]
            elif slip == 1:
                again[0] = first[:1] + "."
            elif slip == 2:
                again[2] = ""
            else:
                again[3] = ""
            yield (*again, n)


def fill(count: int) -> dict[str, int]:
    """The contacts, in batches; answers id -> number of the person."""
    from patron.customers.models import Contact
    from patron.kernel.tenancy import current_workspace_id

    batch, known = [], {}
    for made, (first, last, mail, phone, town, person) in enumerate(people(count)):
        if made >= count:
            break
        batch.append(Contact(workspace_id=current_workspace_id(), name=f"{first} {last}", first_name=first, last_name=last, email=mail, phone=phone, city=town, country="DE"))
        known[str(batch[-1].pk)] = person
        if len(batch) == 5000:
            Contact.objects.bulk_create(batch)
            batch = []
    Contact.objects.bulk_create(batch)
    return known


def measure(count: int) -> None:
    """One size, one line."""
    from django.db import connection, transaction

    from patron.kernel.tenancy import workspace
    from patron.ledger.operations import operation
    from patron.quality.domain import scanning
    from patron.quality.models import Pair, Scan
    from patron.records import registry
    from patron.testing import make_workspace

    scene = make_workspace(f"bench{uuid.uuid4().hex[:8]}")
    with workspace(scene.workspace.pk):
        with operation("bench", access=scene.system):
            began = time.monotonic()
            known = fill(count)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE customers_contact")
        filled, cpu = time.monotonic(), time.process_time()
        begun = scanning.begin(registry.get("contacts"))
        assert begun is not None
        phases: dict[str, float] = {}
        scanning.run(begun, lambda phase, _done, _total: phases.setdefault(phase, time.monotonic() - filled))
        seconds, own = time.monotonic() - filled, time.process_time() - cpu
        found = [(str(a), str(b)) for a, b in Pair.objects.filter(type_key="contacts").values_list("a_id", "b_id")]
        right = sum(known[a] == known[b] for a, b in found)
        true = count - len(set(known.values()))
        scan = Scan.objects.get(pk=begun.pk)
        print(
            f"{count} contacts: filled in {filled - began:.0f} s; scan {seconds:.0f} s ({own:.0f} s of them in Python), {scan.counts['pairs']} pairs compared, {len(found)} found, "
            f"precision {right / max(len(found), 1):.4f}, recall {right / max(true, 1):.4f}, peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB; "
            f"phases {({k: round(v) for k, v in phases.items()})}, too large {scan.oversized}",
            flush=True,
        )
        transaction.set_rollback(True)


def measure_bare(count: int) -> None:
    """The finder alone: staging, blocking, learning, comparing."""
    from django.db import transaction

    from patron.quality.domain.scanning import plan_of
    from patron.quality.finding import Census, find
    from patron.records import registry

    def rows() -> Any:
        for n, (first, last, mail, phone, town, person) in zip(range(count), people(count), strict=False):
            yield f"{n}:{person}", True, {"first_name": first, "last_name": last, "email": mail, "phone": phone, "city": town}

    began, census, phases = time.monotonic(), Census(), dict[str, float]()
    with transaction.atomic():
        found = [(f.a, f.b) for f in find(plan_of(registry.get("contacts")), rows(), census=census, tell=lambda phase, _done, _total: phases.setdefault(phase, time.monotonic() - began) and None)]
        transaction.set_rollback(True)
    right = sum(a.partition(":")[2] == b.partition(":")[2] for a, b in found)
    print(
        f"{count} bare: {time.monotonic() - began:.0f} s ({time.process_time():.0f} s in Python), {census.pairs} pairs compared, {len(found)} found, precision {right / max(len(found), 1):.4f}, "
        f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB; phases {({k: round(v) for k, v in phases.items()})}, too large {census.oversized}",
        flush=True,
    )


if __name__ == "__main__":
    django.setup()
    for size in [a for a in sys.argv[1:] if a.isdigit()] or ["100000"]:
        (measure_bare if "--bare" in sys.argv else measure)(int(size))
