import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { copyNestedRetryAfter, parseGraphError, suggestRemedy } from "../../../provider/graph/errors.ts";
import type { HttpResponse } from "../../../provider/http/pipeline.ts";
import { generateHardwareHash } from "../../emulator/graph/hardwareHash.ts";
import { createRequest, TestClock } from "../doubles.ts";
import { createGraphRefusal, formatNestedMessage } from "./graphClient.ts";

const HASH = generateHardwareHash("5CG1234ABC");

function errorOf(response: Partial<HttpResponse>, remedy = "") {
	const whole = { status: 400, headers: {}, text: "", ...response };
	return parseGraphError(whole, {
		operationName: "importing machine",
		suggestRemedy: () => remedy,
		findScope: () => undefined,
	});
}

const saidBy = (message: string): string => errorOf(createGraphRefusal(400, "BadRequest", message)).message;

describe("an envelope", () => {
	test("of Graph contains code, message and request id", () => {
		const error = errorOf(createGraphRefusal(401, "InvalidAuthenticationToken", "Access token is empty."));
		assert.deepEqual(
			[error.status, error.serviceCode, error.requestId],
			[401, "InvalidAuthenticationToken", "r-1"],
		);
		assert.equal(
			error.message,
			"importing machine failed: Access token is empty. (401, InvalidAuthenticationToken, request id r-1).",
		);
	});

	test("of Intune contains a message, which is used without the ids for support", () => {
		assert.equal(
			saidBy(formatNestedMessage("Cannot find device with ztd Id x and accountId y to delete")),
			"importing machine failed: Cannot find device with ztd Id x and accountId y to delete (400, BadRequest, request id r-1).",
		);
	});

	test("with a message that is not JSON loses the ids for support too", () => {
		assert.match(
			saidBy("An error has occurred - Operation ID (for customer support): 0 - Activity ID: 1"),
			/failed: An error has occurred \(400/,
		);
	});

	test("with truncated JSON is shown unchanged", () => {
		assert.match(saidBy('{ "_version": 3, "Mess'), /failed: { "_version": 3, "Mess \(400/);
	});

	test("without a message, or with null, shows the remaining members", () => {
		assert.equal(saidBy(""), "importing machine failed (400, BadRequest, request id r-1).");
		const text = JSON.stringify({ error: { code: null, message: null, innerError: null } });
		assert.equal(errorOf({ status: 404, text }).message, "importing machine failed (404).");
		assert.equal(errorOf({ status: 404, text }).serviceCode, "");
	});
});

describe("the request id", () => {
	test("is that of the header before that of the body", () => {
		const headers = { "request-id": "r-2" };
		assert.equal(errorOf({ ...createGraphRefusal(400, "BadRequest", "x"), headers }).requestId, "r-2");
	});

	test("is Intune's activity id if there is no other", () => {
		const error = { code: "BadRequest", message: formatNestedMessage("An error has occurred") };
		const { requestId, message } = errorOf({ text: JSON.stringify({ error }) });
		assert.equal(requestId, "3f0c1cd2-57a2-4c2f-9d2b-0a5d3a1e7c55");
		assert.match(message, /request id 3f0c1cd2-57a2-4c2f-9d2b-0a5d3a1e7c55\)/);
	});

	test("is omitted if there is none", () => {
		const { requestId, message } = errorOf({ text: '{"error":{"code":"BadRequest","message":"x"}}' });
		assert.equal(requestId, undefined);
		assert.equal(message, "importing machine failed: x (400, BadRequest).");
	});
});

describe("a response that is not Graph's", () => {
	test("is not part of the message", () => {
		assert.equal(
			errorOf({ status: 502, text: "<html>cookie=x</html>" }).message,
			"importing machine failed: the response is not JSON (502).",
		);
	});

	test("is described by its status if it has nothing else", () => {
		for (const text of ["", "[]", "{}", '{"error":"x"}', "null"]) {
			assert.equal(errorOf({ status: 503, text }).message, "importing machine failed (503).");
		}
	});
});

describe("a hash that Graph refuses and repeats", () => {
	const refused = (literal: string): string =>
		`Cannot convert the literal '${literal}' to the expected type 'Edm.Binary'.`;

	test("is redacted, and the rest of the sentence is not", () => {
		for (const message of [refused(HASH), formatNestedMessage(refused(HASH)), refused("T0E")]) {
			assert.match(
				saidBy(message),
				/failed: Cannot convert the literal '\[secret\]' to the expected type 'Edm\.Binary'\. \(400/,
			);
		}
	});

	test("is redacted if the message is truncated, at any place", () => {
		const whole = formatNestedMessage(refused(HASH));
		const escaped = whole.replaceAll("'", "\\u0027").replaceAll("/", "\\/").replaceAll("+", "\\u002B");
		for (const text of [refused(HASH), whole, escaped]) {
			for (let length = 0; length < 400; length += 7) {
				const message = saidBy(text.slice(0, length));
				const shown = message.replace(/[^A-Za-z0-9]/g, "");
				assert.ok(!shown.includes(HASH.slice(0, 8)), message);
			}
		}
	});

	test("is redacted if it is quoted in another way", () => {
		assert.ok(!saidBy(`The value "${HASH}" is no hash`).includes(HASH.slice(0, 20)));
	});
});

test("the remedy follows the message", () => {
	assert.match(errorOf({ status: 401 }, "Sign in.").message, /\(401\)\. Sign in\.$/);
});

test("the remedy depends on whether the write waits for approval", () => {
	const fault = (response: Partial<HttpResponse>): boolean => {
		let awaits = false;
		parseGraphError(
			{ status: 403, headers: {}, text: "", ...response },
			{
				operationName: "x",
				findScope: () => undefined,
				suggestRemedy: (seen) => {
					awaits = seen.awaitsApproval;
					return "";
				},
			},
		);
		return awaits;
	};
	assert.equal(fault({ headers: { "x-msft-approval-code": "c-1" } }), true);
	assert.equal(fault(createGraphRefusal(403, "ApprovalRequired", "x")), true);
	assert.equal(fault(createGraphRefusal(403, "Forbidden", "x")), false);
});

describe("the retry delay of Intune's nested error", () => {
	const waitOf = async (response: Partial<HttpResponse>): Promise<string | undefined> => {
		const send = copyNestedRetryAfter()(async () => ({ status: 429, headers: {}, text: "", ...response }));
		return (await send(createRequest(new TestClock()))).headers["retry-after"];
	};
	const parseRetryDelay = (RetryAfter: unknown) =>
		createGraphRefusal(429, "TooManyRequests", formatNestedMessage("Busy", { RetryAfter }));

	test("is read from a number or a string", async () => {
		assert.equal(await waitOf(parseRetryDelay(17)), "17");
		assert.equal(await waitOf(parseRetryDelay("17")), "17");
	});

	test("is rounded up to whole seconds, because another value would be read as a date", async () => {
		assert.equal(await waitOf(parseRetryDelay(1.2)), "2");
		assert.equal(await waitOf(parseRetryDelay("0.5")), "1");
	});

	test("is undefined if it is null, missing, negative or not a number", async () => {
		for (const value of [null, 0, "0", -5, "-5", "", "soon", true, [17], { seconds: 17 }]) {
			assert.equal(await waitOf(parseRetryDelay(value)), undefined, JSON.stringify(value));
		}
		assert.equal(await waitOf(createGraphRefusal(429, "TooManyRequests", "Busy")), undefined);
		assert.equal(await waitOf({ text: "<html>" }), undefined);
	});

	test("does not replace the Retry-After header", async () => {
		assert.equal(await waitOf({ ...parseRetryDelay(17), headers: { "retry-after": "3" } }), "3");
	});

	test("is not read from a success", async () => {
		assert.equal(await waitOf({ ...parseRetryDelay(17), status: 200 }), undefined);
	});

	test("is part of the error", () => {
		const headers = { "retry-after": "3" };
		assert.equal(
			errorOf({ ...createGraphRefusal(503, "ServiceUnavailable", "x"), headers }).retryAfterMs,
			3_000,
		);
		assert.equal(errorOf(createGraphRefusal(503, "ServiceUnavailable", "x")).retryAfterMs, undefined);
	});
});

const ASKING = {
	isWrite: true,
	identity: "Microsoft Entra identity (oidc)",
	origin: "https://graph.example",
};

function remedyOf(fault: Partial<Parameters<typeof suggestRemedy>[0]>, isWrite = true): string {
	return suggestRemedy(
		{ status: 400, code: "", message: "", awaitsApproval: false, ...fault },
		{ ...ASKING, isWrite },
	);
}

describe("a remedy", () => {
	test("for a missing permission names it and the identity that needs it", () => {
		assert.match(
			remedyOf({ status: 403, code: "Forbidden" }),
			/^The Microsoft Entra identity \(oidc\) needs the .*permission DeviceManagementServiceConfig\.ReadWrite\.All with administrator consent/,
		);
		assert.match(
			remedyOf({ status: 403, code: "Forbidden" }, false),
			/permission DeviceManagementServiceConfig\.Read\.All \(or ReadWrite\.All\) with/,
		);
	});

	test("for a refused token names the cloud, because tokens are valid in one cloud only", () => {
		assert.equal(
			remedyOf({ status: 401 }),
			"https://graph.example did not accept the token of the Microsoft Entra identity (oidc); autopilot:cloud must " +
				"be the cloud of the tenant.",
		);
	});

	test("for a missing justification names the setting, and the approval that must follow", () => {
		const text = "Header 'x-msft-approval-justification' is required to request approval for this action.";
		assert.match(
			remedyOf({ message: text }),
			/^Set autopilot:approvalJustification to the reason\. The tenant has Multi Admin/,
		);
		assert.match(remedyOf({ status: 403, message: text }), /^Set autopilot:approvalJustification/);
	});

	test("for a write that waits for approval says so, whatever the status", () => {
		for (const status of [400, 403]) {
			assert.match(
				remedyOf({ status, awaitsApproval: true }),
				/^The tenant has Multi Admin Approval, so another .* Exclude this application/,
			);
		}
	});

	test("for an approval request that already exists says so, and for another conflict does not", () => {
		const text = "There is already an approval request for this resource.";
		assert.match(remedyOf({ status: 409, message: text }), /^The tenant has Multi Admin Approval/);
		assert.equal(remedyOf({ status: 409, message: "Sync is in progress." }), "");
		assert.equal(remedyOf({ status: 400, message: text }), "");
	});

	test("for an unknown route names the strategy with the existing routes", () => {
		for (const fault of [
			{ code: "No method match route template" },
			{ code: "BadRequest", message: "Resource not found for the segment 'importedWindowsAutopilotDevice'." },
		]) {
			assert.match(
				remedyOf(fault),
				/^This service does not have that route\. Set autopilot:strategy to live/,
			);
		}
	});

	test("for an unknown error is empty", () => {
		for (const fault of [
			{ code: "BadRequest", message: "The group tag is odd." },
			{ status: 404, code: "ResourceNotFound", message: "Resource not found" },
			{ status: 412, code: "ConditionNotMet" },
			{ status: 500, code: "InternalServerError" },
		]) {
			assert.equal(remedyOf(fault), "");
		}
	});
});
