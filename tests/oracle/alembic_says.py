"""What the real Alembic says of folders: one JSON question a line on stdin, one JSON answer a line on stdout.

A question: {"cwd", "ini"?, "toml"?, "section"?, "options"?, "files_only"?}; paths as one would type them in that folder.
"""

import importlib
import json
import os
import signal
import sys
import warnings
from contextlib import contextmanager

import alembic
from alembic.config import Config
from alembic.script import ScriptDirectory

# of processor time: small histories take milliseconds, and some circles keep Alembic busy for ever
SECONDS = 0.5


@contextmanager
def like_a_process_of_its_own(folder):
    """Nothing one question imports may be seen by the next."""
    path, modules = list(sys.path), set(sys.modules)
    os.chdir(folder)
    importlib.invalidate_caches()
    set_timer()
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            yield said
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        sys.path[:] = path
        sys.path_importer_cache.clear()
        for name in set(sys.modules) - modules:
            del sys.modules[name]


def set_timer():
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)


def too_long(_signal, _frame):
    raise TimeoutError(f"no answer within {SECONDS} seconds")


def error_of(error):
    """As the last line of a traceback says it, without the module of what Alembic raises itself."""
    name, text = type(error).__name__, str(error)
    if type(error).__module__.startswith("alembic"):
        return {"type": name, "message": text}
    return {"type": name, "message": f"{name}: {text}"}


def script_directory(question):
    config = Config(question.get("ini"), toml_file=question.get("toml"), ini_section=question.get("section", "alembic"))
    for name, value in question.get("options", {}).items():
        config.set_main_option(name, value)
    return ScriptDirectory.from_config(config)


def files(scripts):
    """Each script in load order as far as it goes, and what stops it."""
    res = []
    try:
        for script in scripts._load_revisions():
            res.append(
                {
                    "path": os.path.realpath(script.path),
                    "revision": script.revision,
                    "down_revision": list(script._versioned_down_revisions),
                    "depends_on": list(script.dependencies if isinstance(script.dependencies, tuple) else [script.dependencies])
                    if script.dependencies
                    else [],
                    "branch_labels": sorted(script._orig_branch_labels),
                    "doc": script.doc,
                }
            )
    except BaseException as error:
        return {"files": res, "file_error": error_of(error)}
    return {"files": res}


def graph(scripts):
    revisions = scripts.revision_map
    by_id = {key: one for key, one in revisions._revision_map.items() if key and key == one.revision}
    live = by_id.values()
    res = {
        "revisions": len(by_id),
        "heads": revisions.heads,
        "effective_heads": revisions._real_heads,
        "bases": revisions.bases,
        "branch_points": sorted(one.revision for one in live if one.is_branch_point),
        "merge_points": sorted(one.revision for one in live if one.is_merge_point),
        "labels": {one.revision: sorted(one.branch_labels) for one in live if one.branch_labels},
        # with several dependencies of one revision the order depends on the hash seed
        "ordered": all(len(one._normalized_resolved_dependencies) < 2 for one in live),
        "parents": {one.revision: list(one._all_down_revisions) for one in live},
    }
    for target in ["head", "heads"]:
        set_timer()
        try:
            res["upgrade_" + target] = [step.revision.revision for step in scripts._upgrade_revs(target, None)]
        except Exception as error:
            res["upgrade_" + target] = error_of(error)
    return res


def answer(question):
    with like_a_process_of_its_own(question["cwd"]) as said:
        res = {}
        try:
            scripts = script_directory(question)
            res["script_location"] = os.path.realpath(scripts.dir)
            res["version_locations"] = [os.path.realpath(path) for path in scripts._version_locations]
            if question.get("files_only"):
                res.update(files(scripts))
            else:
                res["files"] = [os.path.realpath(script.path) for script in scripts._load_revisions()]
                res.update(graph(script_directory(question)))
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            res["error"] = error_of(error)
        res["warnings"] = [str(warning.message) for warning in said]
        return res


def main():
    out, sys.stdout = sys.stdout, sys.stderr
    signal.signal(signal.SIGVTALRM, too_long)
    sys.dont_write_bytecode = True
    print(json.dumps({"alembic": alembic.__version__}), file=out, flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line)), default=repr), file=out, flush=True)


main()
