import assert from "node:assert/strict";
import { test } from "node:test";
import { createServiceError } from "../../../provider/http/response.ts";
import { PartialError, PartiallyApplied, ResponseLost } from "../../../provider/resource/errors.ts";
import { catchError } from "../../contract/scene.ts";
import { formatDevice, withHostileHub } from "../hostile/hostileServices.ts";
import { listPrintedForms, listSpellings } from "./search.ts";

const KEY = Buffer.from("a key of 32 bytes, none shorter!").toString("base64");
const KEYS = { symmetricKey: { primaryKey: KEY, secondaryKey: KEY } };

test("an error's properties with an object can be used, but are never printed", () => {
	const live = { etag: "e", uid: "1", values: KEYS, computed: {} };
	const lost = new ResponseLost(new Error("the connection broke"), 0, { step: KEYS });
	const half = new PartiallyApplied(lost, live);
	const partial = new PartialError("a", { primaryKey: KEY }, half);
	assert.equal(lost.step, KEYS);
	assert.equal(half.live, live);
	assert.equal(partial.properties["primaryKey"], KEY);
	const printed = listPrintedForms(partial).join("\n");
	assert.match(printed, /the connection broke/);
	for (const spelling of listSpellings(KEY)) assert.ok(!printed.includes(spelling), printed);
});

test("a secret in place of an error code or request id is neither kept nor printed", () => {
	const text = `{"primaryKey":"${KEY}"}`;
	const error = createServiceError(
		{ status: 400, headers: {}, text: "" },
		{ operationName: "creating a", text, serviceCode: text, requestId: text, remedy: "" },
	);
	assert.equal(error.requestId, '{"primaryKey":"[secret]"}');
	for (const spelling of listSpellings(KEY))
		assert.ok(!listPrintedForms(error).join("\n").includes(spelling));
});

test("an error about a broken or malformed response does not contain its bytes", async () => {
	const device = formatDevice({ authentication: { type: "sas", symmetricKey: KEYS.symmetricKey } });
	const heads = [
		"HTTP/1.1 200 OK\r\ncontent-length: 9999",
		"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked",
		"HTTP/9 no",
	];
	for (const head of heads) {
		await withHostileHub(
			{ behave: (socket) => void socket.end(`${head}\r\n\r\n${device}\r\n`) },
			async ({ service }) => {
				const error = await catchError(service.functions.getDevice({ deviceId: "a" }));
				const printed = listPrintedForms(error).join("\n");
				assert.match(printed, /ConnectionLost/);
				for (const spelling of listSpellings(KEY)) assert.ok(!printed.includes(spelling), printed);
			},
		);
	}
});
