import assert from "node:assert/strict";
import { test } from "node:test";
import { ResponseLost } from "../../../provider/resource/errors.ts";
import { createGadgetProvider, declareGadget } from "./gadgetProvider.ts";

test("the pause before each read doubles, and after six lost responses the operation fails with their cause", async () => {
	const { provider, service, clock } = createGadgetProvider();
	service.plan("create", ...Array(10).fill("request lost"));
	await assert.rejects(provider.create(declareGadget()), { message: "the request was lost" });
	assert.equal(service.calls.filter((call) => call === "create a").length, 6);
	assert.deepEqual(clock.sleeps, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000]);
});

test("no single pause is longer than a minute", async () => {
	const { provider, service, clock } = createGadgetProvider();
	service.plan("create", ...Array(4).fill(new ResponseLost(new Error("503"), 20_000)));
	await provider.create(declareGadget());
	assert.deepEqual(clock.sleeps, [20_000, 40_000, 60_000, 60_000]);
});

test("no pause is shorter than a second, even after an error that asks for none", async () => {
	const { provider, service, clock } = createGadgetProvider();
	service.plan("create", ...Array(2).fill(new ResponseLost(new Error("503"), 0)));
	await provider.create(declareGadget());
	assert.deepEqual(clock.sleeps, [1_000, 2_000]);
});

test("a write that must not be sent again fails with its refusal once the object is known to be missing", async () => {
	const { provider, service } = createGadgetProvider();
	const refusal = new Error("the service asks to wait 24 h");
	service.plan("create", new ResponseLost(new Error("503"), 1_000, { refusal }));
	await assert.rejects(provider.create(declareGadget()), refusal);
	assert.equal(service.calls.filter((call) => call === "create a").length, 1);
});

test("updates and deletions fail in the same way, and change nothing", async () => {
	const { provider, deploy, service } = createGadgetProvider();
	const olds = await deploy(declareGadget({ note: "x" }));
	service.plan("write", ...Array(10).fill("request lost"));
	await assert.rejects(provider.update("a", olds, declareGadget({ note: "y" })), {
		message: "the request was lost",
	});
	service.plan("remove", ...Array(10).fill("request lost"));
	await assert.rejects(provider.delete("a", olds), { message: "the request was lost" });
	assert.equal(service.live("a")?.etag, olds["etag"]);
});

test("the sixth lost response is still resolved if the write was applied", async () => {
	const { deploy, service } = createGadgetProvider();
	service.plan("create", ...Array(5).fill("request lost"), "answer lost");
	assert.equal((await deploy(declareGadget({ note: "x" })))["note"], "x");
});
