"""The REST side: every request passes faults, authorization and rate limits before Discord acts on it."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

import simcord.http.routes  # noqa: F401 - importing registers the route handlers of the dispatcher
from aiohttp import web
from simcord.backend import errors
from simcord.backend.errors import BackendError
from simcord.http import router

from boostmon.sandbox import commands, guards, handing, lookups, roletags
from boostmon.sandbox.calls import Call, CallLog, read_call
from boostmon.sandbox.faults import Faults, Impostor, Kind, Latency, LostAnswer, Refusal, Throttle
from boostmon.sandbox.limits import RateLimits, limited_headers
from boostmon.sandbox.world import World

log = logging.getLogger(__name__)

VIA = {"Via": "1.1 boostmon-sandbox"}
_OPEN = ("/interactions/", "/webhooks/")


class Rest:
    """Answers calls on a world. `on_done` is told of every call that Discord acted on, and its status."""

    def __init__(
        self,
        world: World,
        token: str,
        calls: CallLog,
        faults: Faults,
        limits: RateLimits,
        on_done: Callable[[Call, int], None],
    ) -> None:
        self._world = world
        self._token = token
        self._calls = calls
        self._faults = faults
        self._limits = limits
        self._on_done = on_done
        self._nonces = guards.Nonces()
        self.gateway_url = ""
        self.session_limit: Callable[[], tuple[int, float]] = lambda: (1000, 86_400.0)
        self.acting = False
        self.answering = False
        self.closing = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one HTTP request under the API's base."""
        try:
            call = await read_call(request)
        except ValueError:
            return _response(400, {"code": 50109, "message": "The request body contains invalid JSON."})
        faults = self._faults.take(call.method, call.path)
        if isinstance(late := faults.get(Latency), Latency):
            await self._pause(late.seconds)
        if (instead := self._instead(call, faults)) is not None:
            return instead
        if not self._authorized(call):
            self._record(call, 401)
            return _response(401, {"message": "401: Unauthorized", "code": 0})
        verdict = self._limits.take(call.method, call.path)
        headers = self._dated(verdict.headers)
        if verdict.retry_after is not None:
            self._record(call, 429)
            return _response(429, _limited(verdict.retry_after, verdict.is_global), headers)
        status, payload = self._perform(call)
        lost = faults.get(LostAnswer)
        # A client that is gone, as a killed process is, hears nothing; Discord acts all the same.
        listens = request.transport is not None and not request.transport.is_closing()
        self._record(call, status, answered=lost is None and listens)
        self._on_done(call, status)
        if isinstance(lost, LostAnswer):
            await self._pause(lost.hold)
            if request.transport is not None:
                request.transport.abort()
        return _response(status, payload, headers)

    # ------------------------------------------------------------------ before

    def _dated(self, headers: Mapping[str, str]) -> dict[str, str]:
        after = headers.get("X-RateLimit-Reset-After")
        if after is None:
            return dict(headers)
        return {**headers, "X-RateLimit-Reset": f"{self._world.after(float(after)).timestamp():.3f}"}

    def _authorized(self, call: Call) -> bool:
        # The path of an interaction's answers carries its own token.
        return call.path.startswith(_OPEN) or call.authorization == f"Bot {self._token}"

    def _instead(self, call: Call, faults: Mapping[type[Any], Kind]) -> web.Response | None:
        """The answer of a fault that takes the place of the act."""
        for fault in faults.values():
            match fault:
                case Refusal():
                    return self._refuse(call, fault)
                case Impostor():
                    return self._pretend(call, fault)
                case Throttle():
                    return self._throttle(call, fault)
                case _:
                    continue
        return None

    def _refuse(self, call: Call, refusal: Refusal) -> web.Response:
        self._record(call, refusal.status)
        if refusal.code == 0 and refusal.status >= 500:
            # What a load balancer answers has no JSON.
            return web.Response(status=refusal.status, text=refusal.message or "upstream error", headers=VIA)
        return _response(refusal.status, {"code": refusal.code, "message": refusal.message})

    def _pretend(self, call: Call, impostor: Impostor) -> web.Response:
        self._record(call, impostor.status)
        headers = {} if impostor.location is None else {"Location": impostor.location}
        response = web.Response(status=impostor.status, body=impostor.body.encode(), headers=headers)
        response.headers["Content-Type"] = impostor.content_type
        return response

    def _throttle(self, call: Call, throttle: Throttle) -> web.Response:
        self._record(call, 429, shared=throttle.scope == "shared")
        headers = limited_headers(throttle.retry_after, throttle.scope)
        response = _response(429, _limited(throttle.retry_after, throttle.scope == "global"), headers)
        if not throttle.via:
            del response.headers["Via"]
        return response

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.closing.wait(), seconds)
        except TimeoutError:
            return

    def _record(self, call: Call, status: int, *, shared: bool = False, answered: bool = True) -> None:
        self._calls.add(call, status, self._world.now(), shared=shared, answered=answered)

    # ------------------------------------------------------------------ acting

    def _perform(self, call: Call) -> tuple[int, Any]:
        self.acting, self.answering = True, call.path.startswith(_OPEN)
        try:
            return self._dispatch(call)
        except (router.RouteNotImplemented, router.UnsupportedField) as gap:
            log.error("the sandbox does not know this request: %s", gap)
            return 501, {"code": 0, "message": str(gap)}
        except BackendError as refused:
            return refused.status, refused.to_json()
        except (ValueError, KeyError, TypeError) as malformed:
            log.warning("malformed request %s %s", call.method, call.path, exc_info=malformed)
            error = errors.invalid_form_body(repr(malformed))
            return error.status, error.to_json()
        finally:
            self.acting = self.answering = False

    def _dispatch(self, call: Call) -> tuple[int, Any]:
        if call.path in {"/gateway", "/gateway/bot"}:
            return 200, self._gateway(bot=call.path == "/gateway/bot")
        guards.check(self._world, call)
        for handle in (commands.handle, handing.handle, lookups.handle):
            handled = handle(self._world, call)
            if handled is not None:
                return handled
        earlier = self._nonces.earlier(call)
        if earlier is not None:
            return 200, earlier
        answered = router.dispatch(
            self._world.backend,
            call.method,
            call.path,
            json=call.body,
            params=dict(call.query),
            files=list(call.files),
            reason=call.reason,
        )
        payload = guards.seen(self._world, call, answered)
        if isinstance(payload, dict) and call.method == "POST":
            self._nonces.remember(call, payload)
        roletags.add(self._world, call.path, payload)
        return (204 if payload is None else 200), payload

    def _gateway(self, *, bot: bool) -> dict[str, Any]:
        if not bot:
            return {"url": self.gateway_url}
        remaining, seconds = self.session_limit()
        allowance = {
            "total": 1000,
            "remaining": remaining,
            "reset_after": round(seconds * 1000),
            "max_concurrency": 1,
        }
        return {"url": self.gateway_url, "shards": 1, "session_start_limit": allowance}


def _limited(retry_after: float, is_global: bool) -> dict[str, Any]:  # noqa: FBT001 - a field of the payload
    return {
        "message": "You are being rate limited.",
        "retry_after": round(retry_after, 3),
        "global": is_global,
    }


def _response(status: int, payload: Any, headers: Any = None) -> web.Response:
    merged = {**VIA, **(headers or {})}
    if status == 204:
        return web.Response(status=204, headers=merged)
    # No charset: nextcord compares the content type as a whole.
    return web.Response(
        status=status, body=json.dumps(payload).encode(), content_type="application/json", headers=merged
    )
