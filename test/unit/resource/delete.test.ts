import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PreconditionFailed } from "../../../provider/resource/errors.ts";
import { createGadgetProvider, declareGadget } from "./gadgetProvider.ts";

async function deployed() {
	const own = createGadgetProvider();
	const olds = await own.deploy(declareGadget({ note: "x" }));
	own.service.calls.length = 0;
	return { ...own, olds, remove: () => own.provider.delete("a", olds) };
}

test("an unchanged object is deleted by one request, under the etag of the last deployment", async () => {
	const { remove, service } = await deployed();
	await remove();
	assert.deepEqual(service.calls, ["remove a"]);
	assert.equal(service.values("a"), undefined);
});

test("an object that is gone already counts as deleted", async () => {
	const { remove, service } = await deployed();
	service.drop("a");
	await remove();
	await remove();
	assert.deepEqual(service.calls, ["remove a", "remove a"]);
});

describe("an object with another etag", () => {
	test("is deleted if every declared field is as deployed", async () => {
		const { remove, service } = await deployed();
		service.change("a", { labels: ["theirs"] });
		await remove();
		assert.deepEqual(service.calls, ["remove a", "find a", "remove a"]);
		assert.equal(service.values("a"), undefined);
	});

	test("stays if somebody changed a declared field, and the error shows the change", async () => {
		const { remove, service } = await deployed();
		service.change("a", { note: "theirs" });
		await assert.rejects(remove(), {
			code: "ChangedElsewhere",
			message:
				"Gadget a was not deleted: somebody changed it since the last deployment.\n" +
				'    note: "x" at the last deployment, "theirs" now, "x" declared\n' +
				"Run `pulumi refresh` to record the change in state, then delete the object.",
		});
		assert.ok(service.values("a"));
	});

	test("stays if it is another object with the same id", async () => {
		const { remove, service } = await deployed();
		service.put("a", { note: "x" });
		await assert.rejects(remove(), {
			code: "RecreatedElsewhere",
			message:
				"Gadget a was not deleted: the object that Pulumi deployed is gone, and somebody created another one under the " +
				"same id. To delete the new one, run `pulumi refresh` first, which takes it over. To keep it, run " +
				"`pulumi state delete` for this resource.",
		});
		assert.ok(service.values("a"));
	});

	test("is not read forever if the service contradicts itself", async () => {
		const { remove, service } = await deployed();
		service.plan("remove", ...Array(5).fill(new PreconditionFailed("412")));
		await assert.rejects(remove(), { message: "412" });
		assert.deepEqual(service.calls, ["remove a", "find a"]);
	});
});

describe("a lost response", () => {
	test("of a deletion that was applied is resolved by reading", async () => {
		const { remove, service, clock } = await deployed();
		service.plan("remove", "answer lost");
		await remove();
		assert.deepEqual(service.calls, ["remove a", "find a"]);
		assert.deepEqual(clock.sleeps, [1_000]);
	});

	test("of a deletion that was not applied is resolved by sending it again", async () => {
		const { remove, service } = await deployed();
		service.plan("remove", "request lost");
		await remove();
		assert.deepEqual(service.calls, ["remove a", "find a", "remove a"]);
		assert.equal(service.values("a"), undefined);
	});

	test("never deletes an object that somebody created since", async () => {
		const { remove, service } = await deployed();
		service.plan("remove", "answer lost");
		service.plan("find", () => service.put("a", { note: "x" }));
		await assert.rejects(remove(), { code: "RecreatedElsewhere" });
		assert.ok(service.values("a"));
	});

	test("that cannot be resolved reports an unknown outcome", async () => {
		const { remove, service } = await deployed();
		service.plan("remove", "answer lost");
		service.plan("find", new Error("503 down"));
		await assert.rejects(remove(), {
			code: "OutcomeUnknown",
			message:
				/^Gadget a may or may not have been deleted: the response was lost.*the answer was lost.*503 down/,
		});
	});
});

test("an object without an etag in state is read and verified before it is deleted", async () => {
	const { provider, service, olds } = await deployed();
	const { etag: _, ...without } = olds;
	await provider.delete("a", without);
	assert.deepEqual(service.calls, ["find a", "remove a"]);
	service.calls.length = 0;
	await provider.delete("a", without);
	assert.deepEqual(service.calls, ["find a"]);
});

test("an error with a known outcome ends the operation", async () => {
	const { remove, service } = await deployed();
	service.plan("remove", new Error("401 no"));
	await assert.rejects(remove(), { message: "401 no" });
	assert.ok(service.values("a"));
});
