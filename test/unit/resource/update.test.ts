import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PartialError, PartiallyApplied, ResponseLost } from "../../../provider/resource/errors.ts";
import type { Values } from "../../../provider/values.ts";
import { createGadgetProvider, declareGadget } from "./gadgetProvider.ts";

/** Deploys a gadget, and returns the calls that a second deployment makes. */
async function deployed(before: Values, own = createGadgetProvider()) {
	const olds = await own.deploy(declareGadget(before));
	own.service.calls.length = 0;
	return { ...own, olds };
}

describe("a declared change", () => {
	test("is one write over the object that the plan read", async () => {
		const { olds, plan, redeploy, service } = await deployed({ note: "x" });
		service.change("a", { labels: ["theirs"] });
		await plan(olds, declareGadget({ note: "y" }));
		const outs = await redeploy(olds, declareGadget({ note: "y" }));
		assert.deepEqual(service.calls, ["probe a", "write a"]);
		assert.deepEqual(service.values("a")?.["labels"], ["theirs"]);
		assert.equal(outs["note"], "y");
		assert.equal(outs["etag"], "e1.3");
		assert.equal(outs["__declared"], "note");
	});

	test("is one write and no read if the outputs hold all values that a write needs", async () => {
		const { olds, plan, redeploy, service } = await deployed({ note: "x", keepPin: true });
		await plan(olds, declareGadget({ note: "y", keepPin: true }));
		await redeploy(olds, declareGadget({ note: "y", keepPin: true }));
		assert.deepEqual(service.calls, ["probe a", "write a"]);
		assert.deepEqual(service.values("a")?.["lock"], { pin: "0000" });
	});

	test("reads first if the outputs do not, so that no value is lost", async () => {
		const { olds, plan, redeploy, service } = await deployed({ note: "x" });
		await plan(olds, declareGadget({ note: "y" }));
		await redeploy(olds, declareGadget({ note: "y" }));
		assert.deepEqual(service.calls, ["probe a", "find a", "write a"]);
		assert.deepEqual(service.values("a")?.["lock"], { pin: "0000" });
	});

	test("is written without a plan in this process, over an unchanged object", async () => {
		const { olds, redeploy, service } = await deployed({ note: "x" });
		await redeploy(olds, declareGadget({ note: "y" }));
		assert.deepEqual(service.calls, ["find a", "write a"]);
	});

	test("without a plan is stopped by a change of a declared field made elsewhere", async () => {
		const { olds, redeploy, service } = await deployed({ note: "x" });
		service.change("a", { note: "theirs" });
		await assert.rejects(redeploy(olds, declareGadget({ note: "y" })), { code: "ChangedElsewhere" });
		assert.equal(service.values("a")?.["note"], "theirs");
	});

	test("reverts a change by somebody else that the plan has shown", async () => {
		const { olds, plan, redeploy, service } = await deployed({ note: "x", mode: "off" });
		service.change("a", { note: "theirs" });
		await plan(olds, declareGadget({ note: "x", mode: "off" }));
		await redeploy(olds, declareGadget({ note: "x", mode: "off" }));
		assert.equal(service.values("a")?.["note"], "x");
		assert.equal(service.values("a")?.["mode"], "off");
	});

	test("that the object already has needs no write", async () => {
		const { olds, redeploy, service } = await deployed({ note: "x" });
		const outs = await redeploy(olds, declareGadget({ note: "x", mode: "on" }));
		assert.deepEqual(service.calls, ["find a"]);
		assert.equal(outs["__declared"], "mode note");
	});

	test("uses the object that a plan read only once", async () => {
		const { olds, plan, redeploy, service } = await deployed({ note: "x", keepPin: true });
		await plan(olds, declareGadget({ note: "y", keepPin: true }));
		const outs = await redeploy(olds, declareGadget({ note: "y", keepPin: true }));
		service.calls.length = 0;
		await redeploy(outs, declareGadget({ note: "z", keepPin: true }));
		assert.deepEqual(service.calls, ["find a", "write a"]);
	});
});

describe("a value that is no longer declared", () => {
	test("is reset to its default, or left out", async () => {
		const { olds, redeploy, service } = await deployed({
			mode: "off",
			note: "x",
			lamp: { colour: "red", level: "high" },
		});
		await redeploy(olds, declareGadget({ lamp: {} }));
		assert.deepEqual(service.values("a"), {
			name: "a",
			mode: "on",
			lamp: { level: "low" },
			lock: { pin: "0000" },
		});
	});

	test("stays if it is a secret, or a property that its schema keeps", async () => {
		const { olds, redeploy, service } = await deployed({ lock: { pin: "1234", owner: "me" }, note: "x" });
		await redeploy(olds, declareGadget({ lock: { owner: "you" } }));
		assert.deepEqual(service.values("a")?.["lock"], { pin: "1234", owner: "you" });
		const outs = await redeploy({ ...olds, etag: "e1.2" }, declareGadget());
		assert.deepEqual(service.values("a")?.["lock"], { pin: "1234", owner: "you" });
		assert.equal(outs["__declared"], "");
	});

	test("and never was is left unchanged", async () => {
		const { olds, redeploy, service } = await deployed({ note: "x" });
		service.change("a", { mode: "off", labels: ["theirs"] });
		await redeploy(olds, declareGadget({ note: "y" }));
		assert.equal(service.values("a")?.["mode"], "off");
		assert.deepEqual(service.values("a")?.["labels"], ["theirs"]);
	});
});

describe("a change that arrives between plan and write", () => {
	test("is never overwritten: the error shows the deployed, live and declared value", async () => {
		const { olds, plan, redeploy, service } = await deployed({ note: "x", keepPin: true });
		await plan(olds, declareGadget({ note: "y", keepPin: true }));
		service.change("a", { note: "theirs" });
		await assert.rejects(redeploy(olds, declareGadget({ note: "y", keepPin: true })), {
			code: "ChangedElsewhere",
			message:
				"Gadget a was changed by somebody else after this plan was made; nothing was written.\n" +
				'    note: "x" at the last deployment, "theirs" now, "y" declared\n' +
				"Run the command again: the next plan shows the change and what will be done about it.",
		});
		assert.equal(service.values("a")?.["note"], "theirs");
	});

	test("to a field that is declared for the first time is reported too, and again by the next plan", async () => {
		const { olds, plan, redeploy, service, warnings } = await deployed({ keepPin: true });
		await plan(olds, declareGadget({ note: "mine", keepPin: true }));
		service.change("a", { note: "theirs" });
		const told = /note: none at the last deployment, "theirs" now, "mine" declared/;
		await assert.rejects(redeploy(olds, declareGadget({ note: "mine", keepPin: true })), { message: told });
		await plan(olds, declareGadget({ note: "mine", keepPin: true }));
		assert.match(warnings.join(), told);
	});

	test("stops the write even if no declared field differs", async () => {
		const { olds, plan, redeploy, service } = await deployed({ note: "x", keepPin: true });
		await plan(olds, declareGadget({ note: "y", keepPin: true }));
		service.change("a", { labels: ["theirs"] });
		await assert.rejects(redeploy(olds, declareGadget({ note: "y", keepPin: true })), {
			message: /\n {4}No declared field differs; only the etag changed\.\n/,
		});
	});

	test("and deletes the object is reported as a deletion", async () => {
		const { olds, plan, redeploy, service } = await deployed({ note: "x", keepPin: true });
		await plan(olds, declareGadget({ note: "y", keepPin: true }));
		service.drop("a");
		await assert.rejects(redeploy(olds, declareGadget({ note: "y", keepPin: true })), {
			code: "DeletedElsewhere",
			message:
				"Gadget a was deleted by somebody else after this plan was made. Run the command again: the next plan creates it.",
		});
		await assert.rejects(redeploy(olds, declareGadget({ note: "y" })), { code: "DeletedElsewhere" });
	});
});

describe("a lost response", () => {
	test("of a write that was applied is resolved by reading", async () => {
		const { olds, redeploy, service } = await deployed({ note: "x" });
		service.plan("write", "answer lost");
		const outs = await redeploy(olds, declareGadget({ note: "y" }));
		assert.deepEqual(service.calls, ["find a", "write a", "find a"]);
		assert.equal(outs["etag"], "e1.2");
	});

	test("of a write that was not applied is resolved by sending it again", async () => {
		const { olds, redeploy, service, clock } = await deployed({ note: "x" });
		service.plan("write", "request lost");
		await redeploy(olds, declareGadget({ note: "y" }));
		assert.deepEqual(service.calls, ["find a", "write a", "find a", "write a"]);
		assert.deepEqual(clock.sleeps, [1_000]);
	});

	test("and a write by somebody else is reported as theirs", async () => {
		const { olds, redeploy, service } = await deployed({ note: "x" });
		service.plan("write", "request lost");
		service.plan("find", undefined, () => service.change("a", { note: "theirs" }));
		await assert.rejects(redeploy(olds, declareGadget({ note: "y" })), { code: "ChangedElsewhere" });
		assert.equal(service.values("a")?.["note"], "theirs");
	});

	test("of a first attempt that is applied late is recognized by the second one", async () => {
		const { olds, redeploy, service } = await deployed({ note: "x" });
		service.plan("write", "request lost", () => service.change("a", { note: "y" }));
		const outs = await redeploy(olds, declareGadget({ note: "y" }));
		assert.equal(outs["etag"], "e1.2");
		assert.deepEqual(service.calls, ["find a", "write a", "find a", "write a", "find a"]);
	});

	test("of an object that is gone by then is reported as a deletion", async () => {
		const { olds, redeploy, service } = await deployed({ note: "x" });
		service.plan("write", "answer lost");
		service.plan("find", undefined, () => service.drop("a"));
		await assert.rejects(redeploy(olds, declareGadget({ note: "y" })), {
			code: "DeletedElsewhere",
			message: /while it was being updated/,
		});
	});

	test("that cannot be resolved reports an unknown outcome", async () => {
		const { olds, redeploy, service } = await deployed({ note: "x" });
		service.plan("write", "answer lost");
		service.plan("find", undefined, new Error("503 down"));
		await assert.rejects(redeploy(olds, declareGadget({ note: "y" })), {
			code: "OutcomeUnknown",
			message:
				/^Gadget a may or may not have been updated: the response was lost.*the answer was lost.*503 down/,
		});
	});
});

describe("a write in two steps", () => {
	/** Makes the first write of the service commit and then fail with this error. */
	async function halfDone(cause: Error) {
		const own = await deployed({ note: "x" });
		const { service } = own;
		service.change("a", { note: "first step" });
		const live = service.live("a");
		assert.ok(live);
		service.plan("write", new PartiallyApplied(cause, live));
		await own.plan(own.olds, declareGadget({ note: "y" }));
		return own;
	}

	test("that stops after the first records the object as it is, with the reason", async () => {
		const { olds, redeploy } = await halfDone(new Error("400 second step"));
		await assert.rejects(redeploy(olds, declareGadget({ note: "y" })), (error) => {
			assert.ok(error instanceof PartialError);
			assert.equal(error.id, "a");
			assert.deepEqual(error.reasons, ["400 second step"]);
			assert.equal(error.properties["note"], "first step");
			assert.equal(error.properties["etag"], "e1.2");
			return true;
		});
	});

	test("that loses the second response continues from the first", async () => {
		const { olds, redeploy, service } = await halfDone(new ResponseLost(new Error("reset"), 1_000));
		const outs = await redeploy(olds, declareGadget({ note: "y" }));
		assert.equal(outs["note"], "y");
		assert.deepEqual(service.calls, ["probe a", "write a", "find a", "write a"]);
	});
});

test("an object of the same id and another uid is written once the plan has shown it", async () => {
	const { olds, plan, redeploy, service } = await deployed({ note: "x" });
	service.put("a", { note: "theirs" });
	await plan(olds, declareGadget({ note: "x" }));
	const outs = await redeploy(olds, declareGadget({ note: "x" }));
	assert.equal(outs["incarnation"], "2");
	assert.equal(outs["note"], "x");
});
