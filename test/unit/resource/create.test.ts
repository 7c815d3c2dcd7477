import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { create } from "../../../provider/resource/create.ts";
import { PartialError, PartiallyApplied, ResourceOperationError } from "../../../provider/resource/errors.ts";
import { createGadgetFleet } from "../fleet/gadgetFleet.ts";
import { createGadgetProvider, declareGadget } from "./gadgetProvider.ts";

describe("a gadget that does not exist", () => {
	test("is created by one request, and its outputs hold its values and the declared paths", async () => {
		const { provider, service } = createGadgetProvider();
		const { id, outs: marked } = await provider.create(declareGadget({ note: "x", adopt: false }));
		const { __record: mark, ...outs } = marked;
		assert.match(String(mark), /^[0-9a-f-]{36}\/$/);
		assert.equal(id, "a");
		assert.deepEqual(service.calls, ["create a"]);
		assert.deepEqual(outs, {
			name: "a",
			place: "hall",
			mode: "on",
			note: "x",
			lock: {},
			etag: "e1.1",
			incarnation: "1",
			adopt: false,
			__declared: "note",
		});
	});

	test("has no secrets in its outputs", async () => {
		const { deploy } = createGadgetProvider();
		const outs = await deploy(declareGadget({ lock: { pin: "1234" } }));
		assert.equal(outs["__declared"], "lock.pin=4321");
		assert.ok(!JSON.stringify(outs).includes("1234"));
	});
});

describe("a gadget that exists", () => {
	test("is left unchanged, and the error says how to adopt it", async () => {
		const { provider, service } = createGadgetProvider();
		service.put("a", { note: "theirs" });
		await assert.rejects(provider.create(declareGadget({ note: "x" })), {
			code: "AlreadyExists",
			message:
				"Gadget a exists already and was left as it is. To adopt it with the declared values, set `adopt: true` on it; " +
				"otherwise make another one. (409 there is one)",
		});
		assert.equal(service.values("a")?.["note"], "theirs");
	});

	test("is left unchanged even if it is just as declared", async () => {
		const { provider, service } = createGadgetProvider();
		service.put("a", { note: "x" });
		await assert.rejects(provider.create(declareGadget({ note: "x" })), { code: "AlreadyExists" });
	});

	test("is adopted by one write that keeps undeclared values", async () => {
		const { deploy, service } = createGadgetProvider();
		service.put("a", { note: "theirs", lock: { pin: "9999" }, labels: ["l"] });
		const outs = await deploy(declareGadget({ note: "x", adopt: true }));
		assert.deepEqual(service.calls, ["create a", "find a", "write a"]);
		assert.deepEqual(service.values("a"), {
			name: "a",
			mode: "on",
			note: "x",
			lock: { pin: "9999" },
			labels: ["l"],
		});
		assert.equal(outs["etag"], "e1.2");
	});

	test("is adopted without a write if it is just as declared", async () => {
		const { deploy, service } = createGadgetProvider();
		service.put("a", { note: "x" });
		await deploy(declareGadget({ note: "x", adopt: true }));
		assert.deepEqual(service.calls, ["create a", "find a"]);
	});

	test("is not adopted if it is changed meanwhile", async () => {
		const { provider, service } = createGadgetProvider();
		service.put("a", { note: "theirs" });
		service.plan("write", () => service.change("a", { note: "meanwhile" }));
		await assert.rejects(provider.create(declareGadget({ note: "x", adopt: true })), {
			code: "ChangedElsewhere",
			message: /^Gadget a was changed by somebody else while it was being adopted; nothing was written\./,
		});
		assert.equal(service.values("a")?.["note"], "meanwhile");
	});

	test("is adopted once a lagging registry returns it", async () => {
		const { deploy, service, clock } = createGadgetProvider();
		service.put("a", { note: "theirs" });
		service.blind = 4;
		await deploy(declareGadget({ note: "x", adopt: true }));
		assert.equal(service.values("a")?.["note"], "x");
		assert.deepEqual(clock.sleeps, [1_000, 1_000, 1_000, 1_000]);
	});

	test("but is deleted before it is adopted is not created again, and the error does not suggest `adopt`", async () => {
		const { provider, service } = createGadgetProvider();
		service.put("a", { note: "theirs" });
		service.plan("find", () => service.drop("a"));
		await assert.rejects(provider.create(declareGadget({ note: "x", adopt: true })), {
			code: "AlreadyExists",
			message:
				"Gadget a was not adopted: the service reports that it exists, but it cannot be read. It was deleted meanwhile, or " +
				"is not visible yet. Nothing was written. Run the command again. If another resource of this program gives the " +
				"object up, make that resource depend on this one (`dependsOn`), or it may delete the object first. (409 there is one)",
		});
		assert.equal(service.values("a"), undefined);
	});

	test("but cannot be read at all is left unchanged", async () => {
		const { provider, service } = createGadgetProvider();
		service.put("a", { note: "theirs" });
		service.blind = 5;
		await assert.rejects(provider.create(declareGadget({ note: "x", adopt: true })), {
			code: "AlreadyExists",
		});
		assert.equal(service.calls.filter((call) => call === "find a").length, 5);
	});
});

describe("a lost response", () => {
	test("of a request that was applied is resolved by reading the gadget", async () => {
		const { deploy, service, clock } = createGadgetProvider();
		service.plan("create", "answer lost");
		const outs = await deploy(declareGadget({ note: "x" }));
		assert.deepEqual(service.calls, ["create a", "find a"]);
		assert.equal(outs["etag"], "e1.1");
		assert.deepEqual(clock.sleeps, [1_000]);
	});

	test("of a request that was not applied is resolved by sending it again", async () => {
		const { deploy, service } = createGadgetProvider();
		service.plan("create", "request lost", "request lost");
		await deploy(declareGadget({ note: "x" }));
		assert.deepEqual(service.calls, ["create a", "find a", "create a", "find a", "create a"]);
	});

	test("is resolved if the registry returns the new gadget only later", async () => {
		const { deploy, service } = createGadgetProvider();
		service.plan("create", "answer lost");
		service.blind = 2;
		const outs = await deploy(declareGadget({ note: "x" }));
		assert.deepEqual(service.calls, ["create a", "find a", "create a", "find a", "find a"]);
		assert.equal(outs["etag"], "e1.1");
	});

	test("never makes an older gadget count as created", async () => {
		const { provider, service, clock } = createGadgetProvider();
		service.put("a", { note: "x" });
		clock.pass(60_000);
		service.plan("create", "request lost");
		await assert.rejects(provider.create(declareGadget({ note: "x" })), { code: "AlreadyExists" });
	});

	test("never makes a gadget count as created that is not as declared", async () => {
		const { provider, service } = createGadgetProvider();
		service.plan("create", "request lost");
		service.put("a", { note: "somebody's" });
		await assert.rejects(provider.create(declareGadget({ note: "x" })), { code: "AlreadyExists" });
		assert.equal(service.values("a")?.["note"], "somebody's");
	});

	test("of a gadget with `adopt` adopts it, whoever created it", async () => {
		const { deploy, service, clock } = createGadgetProvider();
		service.put("a", { note: "theirs" });
		clock.pass(60_000);
		service.plan("create", "request lost");
		await deploy(declareGadget({ note: "x", adopt: true }));
		assert.equal(service.values("a")?.["note"], "x");
	});

	test("that cannot be resolved reports an unknown outcome and the remedy", async () => {
		const { provider, service } = createGadgetProvider();
		service.plan("create", "answer lost");
		service.plan("find", new Error("503 down"));
		await assert.rejects(provider.create(declareGadget()), {
			code: "OutcomeUnknown",
			message:
				"Gadget a may or may not have been created: the response was lost (the answer was lost), and reading the object " +
				"failed (503 down). Once the service responds, run the command again; if the object was created, set `adopt: true` " +
				"on it for that run.",
		});
	});

	test("that cannot be resolved needs no adoption if the next run recognizes the gadget", async () => {
		const { fleetType, service } = createGadgetFleet();
		service.plan("create", "answer lost");
		service.plan("find", new Error("503 down"));
		await assert.rejects(
			create({ ...fleetType.memberContext, maxResumableAgeMs: 60_000 }, { name: "a", place: "hall" }),
			{
				message:
					/Once the service responds, run the command again, which recognizes the object if it exists and proves its creator\.$/,
			},
		);
	});

	test("of an adoption is resolved by reading", async () => {
		const { deploy, service } = createGadgetProvider();
		service.put("a", { note: "theirs" });
		service.plan("write", "answer lost");
		const outs = await deploy(declareGadget({ note: "x", adopt: true }));
		assert.deepEqual(service.calls, ["create a", "find a", "write a", "find a"]);
		assert.equal(outs["etag"], "e1.2");
	});
});

test("an error with a known outcome ends the operation", async () => {
	const { provider, service } = createGadgetProvider();
	service.plan("create", new Error("400 no"));
	await assert.rejects(provider.create(declareGadget()), { message: "400 no" });
	assert.deepEqual(service.calls, ["create a"]);
});

test("a partially adopted gadget is recorded as it is, with the reason", async () => {
	const { provider, service } = createGadgetProvider();
	service.put("a", { note: "theirs" });
	const live = service.live("a");
	assert.ok(live);
	service.plan("write", new PartiallyApplied(new Error("400 second write"), { ...live, etag: "e1.2" }));
	await assert.rejects(provider.create(declareGadget({ note: "x", adopt: true })), (error) => {
		assert.ok(error instanceof PartialError && !(error instanceof ResourceOperationError));
		assert.equal(error.id, "a");
		assert.deepEqual(error.reasons, ["400 second write"]);
		assert.equal(error.properties["etag"], "e1.2");
		assert.equal(error.properties["note"], "theirs");
		assert.equal(error.properties["__declared"], "note");
		return true;
	});
});
