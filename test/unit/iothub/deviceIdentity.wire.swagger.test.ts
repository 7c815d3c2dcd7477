import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { wire2021 } from "../../../provider/iothub/deviceIdentity.wire.ts";
import { fixture, fixtureNames } from "../../fixtures/iot-hub/fixtures.ts";
import { answerProblems, type LoggedRequest, problemsOf } from "../../fixtures/iot-hub/swagger.ts";
import { createDeviceInputs, createLiveDevice, KEYS, OTHER_SCOPE, SCOPE, SHA1, SHA256 } from "./devices.ts";

const is2015 = (name: string): boolean => name.includes("2015");

function put(body: unknown, rest: Partial<LoggedRequest> = {}): LoggedRequest {
	return {
		method: "PUT",
		path: "/devices/dev-1",
		query: { "api-version": "2021-04-12" },
		headers: { "content-type": "application/json; charset=utf-8" },
		body,
		...rest,
	};
}

describe("the official description accepts", () => {
	for (const name of fixtureNames("request").filter((name) => !is2015(name))) {
		test(`the request ${name}`, () => assert.deepEqual(problemsOf(put(fixture(`${name}.request`))), []));
	}

	for (const name of fixtureNames("response").filter((name) => !is2015(name))) {
		const definition = name === "twin" ? "Twin" : "Device";
		test(`the response ${name} as a ${definition}`, () => {
			assert.deepEqual(answerProblems(definition, fixture(`${name}.response`)), []);
		});
	}

	const declarations = [
		createDeviceInputs(),
		createDeviceInputs({
			status: "disabled",
			statusReason: "sold",
			authentication: { type: "sas", symmetricKey: KEYS },
		}),
		createDeviceInputs({
			authentication: { type: "selfSigned", x509Thumbprint: { primaryThumbprint: SHA1 } },
		}),
		createDeviceInputs({
			authentication: {
				type: "selfSigned",
				x509Thumbprint: { primaryThumbprint: SHA256, secondaryThumbprint: SHA256 },
			},
		}),
		createDeviceInputs({ authentication: { type: "certificateAuthority" }, deviceScope: SCOPE }),
		createDeviceInputs({ capabilities: { iotEdge: true }, parentScopes: [SCOPE] }),
	];
	const bases = [
		createLiveDevice(),
		createLiveDevice(
			{ capabilities: { iotEdge: true }, parentScopes: [OTHER_SCOPE] },
			{ deviceScope: SCOPE },
		),
		createLiveDevice({ deviceScope: SCOPE }, { deviceScope: SCOPE, parentScopes: [SCOPE] }),
	];

	test("every body that creates a device", () => {
		const problems = declarations.flatMap((inputs) => problemsOf(put(wire2021.encodeCreate(inputs))));
		assert.deepEqual(problems, []);
	});

	test("every body that updates a device", () => {
		const bodies = declarations.flatMap((inputs) =>
			bases.flatMap((base) => wire2021.encodeUpdates(inputs, base).map(({ body }) => body)),
		);
		assert.ok(bodies.length > declarations.length * bases.length);
		assert.deepEqual(
			bodies.flatMap((body) => problemsOf(put(body))),
			[],
		);
	});
});

describe("the official description refuses", () => {
	const faults: readonly [title: string, request: LoggedRequest, expected: RegExp][] = [
		[
			"an unknown member",
			put({ deviceId: "a", auth: {} }),
			/body must NOT have additional properties \(auth\)/,
		],
		[
			"an unknown member inside",
			put({ capabilities: { edge: true } }),
			/body\/capabilities must NOT .*\(edge\)/,
		],
		["a word that it does not know", put({ status: "off" }), /body\/status must be equal to one of/],
		["a null", put({ statusReason: null }), /body\/statusReason must be string/],
		["a missing body", put(undefined), /the body is missing/],
		[
			"another content type",
			put({}, { headers: { "content-type": "text/plain" } }),
			/content type is text\/plain/,
		],
		["a missing api-version", put({}, { query: {} }), /the query parameter api-version is missing/],
		[
			"another api-version",
			put({}, { query: { "api-version": "2015-08-15-preview" } }),
			/api-version is 2015-08-15-preview/,
		],
		[
			"a query parameter too many",
			put({}, { query: { "api-version": "2021-04-12", force: "1" } }),
			/no query parameter force/,
		],
		[
			"an unquoted etag",
			put({}, { headers: { "content-type": "application/json", "If-Match": "MTA=" } }),
			/if-match is MTA=, which is no quoted etag/,
		],
		[
			"a header of another operation",
			put({}, { headers: { "content-type": "application/json", "x-ms-continuation": "x" } }),
			/no header x-ms-continuation/,
		],
		["another path", put({}, { path: "/devices/a/b/c" }), /there is no such operation/],
		["another method", put({}, { method: "PATCH" }), /there is no such operation/],
		["a body where none belongs", put({}, { method: "GET" }), /the operation takes no body/],
		[
			"a number that is none",
			put(undefined, { method: "GET", path: "/devices", query: { "api-version": "2021-04-12", top: "all" } }),
			/top is no whole number/,
		],
	];
	for (const [title, request, expected] of faults) {
		test(title, () => assert.match(problemsOf(request).join("\n"), expected));
	}

	test("a response with another type, but not one with null", () => {
		assert.deepEqual(answerProblems("Device", { deviceId: null, statusReason: null }), []);
		assert.match(answerProblems("Device", { deviceId: 5 }).join(), /deviceId must be string/);
		assert.match(answerProblems("Device", { lastActivityTime: "yesterday" }).join(), /lastActivityTime/);
	});
});

test("reads, deletions, twins and queries are operations in the description", () => {
	const query = { "api-version": "2021-04-12" };
	const requests: LoggedRequest[] = [
		{ method: "GET", path: "/devices/a%2Fb", query, headers: { accept: "application/json" } },
		{ method: "DELETE", path: "/devices/a", query, headers: { "if-match": '"MTA="' } },
		{ method: "GET", path: "/twins/a", query, headers: {} },
		{
			method: "POST",
			path: "/devices/query",
			query,
			headers: {
				"content-type": "application/json",
				"x-ms-max-item-count": "1000",
				"x-ms-continuation": "c",
			},
			body: { query: "SELECT * FROM devices" },
		},
	];
	assert.deepEqual(requests.flatMap(problemsOf), []);
});
