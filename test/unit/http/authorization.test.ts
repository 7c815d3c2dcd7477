import assert from "node:assert/strict";
import { test } from "node:test";
import { type Authorizer, authorizeRequests } from "../../../provider/http/authorization.ts";
import { Deadline } from "../../../provider/http/deadline.ts";
import { createRequest, createScriptedNetwork, type ScriptedStep, TestClock } from "../doubles.ts";

/** A signer that numbers its headers and, when refused, does as it is told. */
function signer(tryAgain: boolean): Authorizer & { heard: (number | undefined)[] } {
	let count = 0;
	const heard: (number | undefined)[] = [];
	return {
		heard,
		getAuthorizationHeader: async () => `token ${++count}`,
		handleUnauthorized(serviceTime) {
			heard.push(serviceTime);
			return tryAgain;
		},
	};
}

async function play(own: Authorizer, ...steps: readonly ScriptedStep[]) {
	const { send, sent } = createScriptedNetwork(...steps);
	const request = createRequest(new TestClock(), { headers: { accept: "application/json" } });
	const { status } = await authorizeRequests(own)(send)(request);
	return { status, request, headers: sent.map(({ headers }) => headers) };
}

test("each request is signed, on a copy", async () => {
	const { headers, request } = await play(signer(true), {});
	assert.deepEqual(headers, [{ accept: "application/json", authorization: "token 1" }]);
	assert.deepEqual(request.headers, { accept: "application/json" });
});

test("a 401 is answered with one other header where the signer has one", async () => {
	const { status, headers } = await play(signer(true), { status: 401 }, { status: 200 });
	assert.equal(status, 200);
	assert.deepEqual(
		headers.map(({ authorization }) => authorization),
		["token 1", "token 2"],
	);
});

test("a second 401 is handed on", async () => {
	const { status, headers } = await play(signer(true), { status: 401 });
	assert.equal(status, 401);
	assert.equal(headers.length, 2);
});

test("a 401 is handed on at once where the signer has nothing better", async () => {
	const { status, headers } = await play(signer(false), { status: 401 }, { status: 200 });
	assert.equal(status, 401);
	assert.equal(headers.length, 1);
});

test("the signer hears the service's clock where the answer tells it", async () => {
	const own = signer(false);
	await play(own, { status: 401, headers: { date: "Sun, 01 Mar 2026 08:00:00 GMT" } });
	await play(own, { status: 401, headers: { date: "yesterday" } });
	await play(own, { status: 401 });
	assert.deepEqual(own.heard, [Date.UTC(2026, 2, 1, 8), undefined, undefined]);
});

test("no other status is the signer's business", async () => {
	const own = signer(true);
	const statuses = await Promise.all([200, 403, 404, 429, 500].map((status) => play(own, { status })));
	assert.deepEqual(
		statuses.map(({ headers }) => headers.length),
		[1, 1, 1, 1, 1],
	);
	assert.deepEqual(own.heard, []);
});

test("a sign-in that goes on when the operation's time is over is left alone", async () => {
	const { send, sent } = createScriptedNetwork({});
	const clock = new TestClock();
	const endless = { ...signer(false), getAuthorizationHeader: () => new Promise<never>(() => {}) };
	await assert.rejects(
		authorizeRequests(endless)(send)(createRequest(clock, { deadline: new Deadline("read", 20, clock) })),
		{
			code: "DeadlineExceeded",
			message: /the time that `timeouts` allows for read\. Last: the sign-in was not over$/,
		},
	);
	assert.deepEqual(sent, []);
});
