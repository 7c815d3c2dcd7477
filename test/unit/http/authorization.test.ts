import assert from "node:assert/strict";
import { test } from "node:test";
import { type Authorizer, authorizeRequests } from "../../../provider/http/authorization.ts";
import { Deadline } from "../../../provider/http/deadline.ts";
import { createRequest, createScriptedNetwork, type ScriptedStep, TestClock } from "../doubles.ts";

/** Creates an authorizer that numbers its headers and records the service's time after each 401. */
function createAuthorizer(hasNewHeader: boolean): Authorizer & { serviceTimes: (number | undefined)[] } {
	let count = 0;
	const serviceTimes: (number | undefined)[] = [];
	return {
		serviceTimes,
		getAuthorizationHeader: async () => `token ${++count}`,
		handleUnauthorized(serviceTimeMs) {
			serviceTimes.push(serviceTimeMs);
			return hasNewHeader;
		},
	};
}

async function sendAuthorized(authorizer: Authorizer, ...steps: readonly ScriptedStep[]) {
	const { send, sent } = createScriptedNetwork(...steps);
	const request = createRequest(new TestClock(), { headers: { accept: "application/json" } });
	const { status } = await authorizeRequests(authorizer)(send)(request);
	return { status, request, headers: sent.map(({ headers }) => headers) };
}

test("each request is sent as a copy with the header", async () => {
	const { headers, request } = await sendAuthorized(createAuthorizer(true), {});
	assert.deepEqual(headers, [{ accept: "application/json", authorization: "token 1" }]);
	assert.deepEqual(request.headers, { accept: "application/json" });
});

test("a 401 is retried once with a new header if there is one", async () => {
	const { status, headers } = await sendAuthorized(createAuthorizer(true), { status: 401 }, { status: 200 });
	assert.equal(status, 200);
	assert.deepEqual(
		headers.map(({ authorization }) => authorization),
		["token 1", "token 2"],
	);
});

test("a second 401 is returned", async () => {
	const { status, headers } = await sendAuthorized(createAuthorizer(true), { status: 401 });
	assert.equal(status, 401);
	assert.equal(headers.length, 2);
});

test("a 401 is returned at once if there is no new header", async () => {
	const { status, headers } = await sendAuthorized(createAuthorizer(false), { status: 401 }, { status: 200 });
	assert.equal(status, 401);
	assert.equal(headers.length, 1);
});

test("the authorizer receives the service's time if the response has a valid date", async () => {
	const authorizer = createAuthorizer(false);
	await sendAuthorized(authorizer, { status: 401, headers: { date: "Sun, 01 Mar 2026 08:00:00 GMT" } });
	await sendAuthorized(authorizer, { status: 401, headers: { date: "yesterday" } });
	await sendAuthorized(authorizer, { status: 401 });
	assert.deepEqual(authorizer.serviceTimes, [Date.UTC(2026, 2, 1, 8), undefined, undefined]);
});

test("no other status is passed to the authorizer", async () => {
	const authorizer = createAuthorizer(true);
	const statuses = await Promise.all(
		[200, 403, 404, 429, 500].map((status) => sendAuthorized(authorizer, { status })),
	);
	assert.deepEqual(
		statuses.map(({ headers }) => headers.length),
		[1, 1, 1, 1, 1],
	);
	assert.deepEqual(authorizer.serviceTimes, []);
});

test("a sign-in that is not finished at the deadline fails the operation", async () => {
	const { send, sent } = createScriptedNetwork({});
	const clock = new TestClock();
	const endless = { ...createAuthorizer(false), getAuthorizationHeader: () => new Promise<never>(() => {}) };
	await assert.rejects(
		authorizeRequests(endless)(send)(createRequest(clock, { deadline: new Deadline("read", 20, clock) })),
		{
			code: "DeadlineExceeded",
			message: /the time that `timeouts` allows for read\. Last: the sign-in did not finish$/,
		},
	);
	assert.deepEqual(sent, []);
});
