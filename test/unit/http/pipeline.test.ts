import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createPipeline, encodePathSegment, type PipelinePolicy } from "../../../provider/http/pipeline.ts";
import { createRequest, createScriptedNetwork, TestClock } from "../doubles.ts";

test("the first policy is outermost", async () => {
	const order: string[] = [];
	const createRecordingPolicy = (name: string): PipelinePolicy => {
		return (next) => async (request) => {
			order.push(name);
			return next(request);
		};
	};
	const { send, sent } = createScriptedNetwork({ status: 204 });

	const response = await createPipeline(
		send,
		createRecordingPolicy("outer"),
		createRecordingPolicy("inner"),
	)(createRequest(new TestClock()));

	assert.deepEqual(order, ["outer", "inner"]);
	assert.equal(response.status, 204);
	assert.equal(sent.length, 1);
});

test("an encoded segment stays one segment and keeps every character", () => {
	fc.assert(
		fc.property(fc.string({ unit: "grapheme", minLength: 3 }), (id) => {
			const { pathname, search, hash } = new URL(`/devices/${encodePathSegment(id)}`, "https://hub.example");
			const [, devices, last, ...more] = pathname.split("/");
			assert.deepEqual([devices, more, search, hash], ["devices", [], "", ""]);
			assert.equal(decodeURIComponent(last ?? ""), id);
		}),
	);
});

test("a dot segment, an empty id and half a surrogate pair are rejected", () => {
	for (const id of ["", ".", "..", "\udc00"]) {
		assert.throws(() => encodePathSegment(id), {
			name: "TypeError",
			message: /cannot be used as an id in a URL$/,
		});
	}
});
