"""Loaded by Python at the start of MiniStack: five patches, and an end when the runner that started it is gone.

Each patch waits for its module and does nothing if the module is never imported. Made for MiniStack 1.5.33;
tools/local/requirements.txt pins it, so look here first when the pin moves.
"""

import asyncio.base_events
import asyncio.selector_events
import copy
import importlib.abc
import importlib.util
import json
import os
import re
import signal
import socket
import sys
import threading


def _set_nodelay(sock):
    """asyncio leaves Nagle's algorithm on for some sockets: on some machines 44 ms for each keep-alive request."""
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except (OSError, AttributeError):
        pass


asyncio.base_events._set_nodelay = _set_nodelay
asyncio.selector_events.base_events._set_nodelay = _set_nodelay


def _lambda_runtime(module):
    """A handler that logs nothing is waited for 50 ms; 2 ms will do (a late log line is then booked on the next call)."""
    for value in vars(module).values():
        drain = getattr(value, "__dict__", {}).get("_drain_stderr_bounded")
        if drain:
            drain.__defaults__ = (0.002, 0.001, 0.25)


_PARTIQL = re.compile(r'\s*(INSERT\s+INTO|UPDATE|DELETE\s+FROM|SELECT\b.*?\bFROM)\s+"?([A-Za-z0-9_.:/-]+)', re.I | re.S)
_PARTIQL_ACTIONS = ("dynamodb:BatchExecuteStatement", "dynamodb:ExecuteStatement", "dynamodb:ExecuteTransaction")


# AWS knows no permission of these names: a batch is allowed by that of its single call.
_SQS_BATCHES = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}


def _iam_actions(module):
    """PartiQL is allowed statement by statement, a schedule by its group, a batch of messages as each of them: as on AWS."""
    action_of = module.extract_iam_action

    def action(*args, **kwargs):
        found = action_of(*args, **kwargs)
        return _SQS_BATCHES.get(found, found)

    module.extract_iam_action = action
    table_checks = module.dynamodb_transaction_checks

    def checks(action, body, region, account):
        if action not in _PARTIQL_ACTIONS:
            return table_checks(action, body, region, account)
        data = json.loads(body or b"{}")
        found = []
        for statement in data.get("Statements") or data.get("TransactStatements") or [data]:
            match = _PARTIQL.match(statement.get("Statement", ""))
            if match:
                verb = match.group(1).split()[0].capitalize()
                found.append(("dynamodb:PartiQL" + verb, module._dynamodb_table_arn(match.group(2), region, account)))
        return found

    module.dynamodb_transaction_checks = checks
    extract = module.extract_resource_arn

    def resource(service, method, path, headers, body, query_params, region, account_id):
        arn = extract(service, method, path, headers, body, query_params, region, account_id)
        if service == "scheduler" and ":schedule/default/" in arn:
            try:
                group = json.loads(body or b"{}").get("GroupName")
            except ValueError:
                group = None
            query = (query_params or {}).get("groupName") or (query_params or {}).get("GroupName")
            group = group or (query[0] if isinstance(query, list) else query)
            if group:
                arn = arn.replace(":schedule/default/", f":schedule/{group}/")
        return arn

    module.extract_resource_arn = resource


def _lambda_svc(module):
    """A filter that asks for the absence of something inside what is absent: true on AWS, never true here."""
    match = module._match_esm_filter

    def matches(record, pattern):
        if not isinstance(record, dict) or not isinstance(pattern, dict):
            return match(record, pattern)
        for key, wanted in pattern.items():
            if isinstance(wanted, dict):
                inner = record.get(key)
                if not matches(inner if isinstance(inner, dict) else {}, wanted):
                    return False
            elif not match(record, {key: wanted}):
                return False
        return True

    module._match_esm_filter = matches


def _dynamodb(module):
    """A kept state holds how far each stream was read, but not the stream: after a restart nothing would be read until it is as long again."""
    get_state, load = module.get_state, module.load_persisted_state

    def state():
        streams = {"records": copy.deepcopy(module._stream_records), "trimmed": copy.deepcopy(module._stream_trimmed)}
        return {**get_state(), "streams": streams}

    def restore(data):
        load(data)
        streams = data.get("streams", {})
        module._stream_records.update(streams.get("records", {}))
        module._stream_trimmed.update(streams.get("trimmed", {}))

    module.get_state, module.load_persisted_state = state, restore


_PATCHES = {
    "ministack.services.dynamodb": _dynamodb,
    "ministack.core.lambda_runtime": _lambda_runtime,
    "ministack.core.iam_actions": _iam_actions,
    "ministack.services.lambda_svc": _lambda_svc,
}


class _Patcher(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        patch = _PATCHES.pop(name, None)
        if patch is None:
            return None
        spec = importlib.util.find_spec(name)
        execute = spec.loader.exec_module

        def run(module):
            execute(module)
            patch(module)

        spec.loader.exec_module = run
        return spec


sys.meta_path.insert(0, _Patcher())


def _end_with_parent():
    """The runner holds the other end of our standard input. When it is gone, however it died, we end in order."""
    try:
        while os.read(0, 1024):
            pass
    except OSError:
        pass
    os.kill(os.getpid(), signal.SIGTERM)


# Taken out at once: the Lambda workers inherit the environment, and only the server itself is to watch.
if os.environ.pop("ENISHI_END_WITH_STDIN", None) == "1":
    threading.Thread(target=_end_with_parent, daemon=True).start()
