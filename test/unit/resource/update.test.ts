import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PartialError, PartiallyApplied, ResponseLost } from "../../../provider/resource/errors.ts";
import type { Values } from "../../../provider/values.ts";
import { createGadgetProvider, declareGadget } from "./gadgetLife.ts";

/** A deployed gadget, and the calls that a second deployment then makes. */
async function deployed(before: Values, own = createGadgetProvider()) {
	const olds = await own.deploy(declareGadget(before));
	own.service.calls.length = 0;
	return { ...own, olds };
}

describe("a declared change", () => {
	test("is one write over what the plan read", async () => {
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

	test("is one write and no read where the outputs hold all that a write needs", async () => {
		const { olds, plan, redeploy, service } = await deployed({ note: "x", keepPin: true });
		await plan(olds, declareGadget({ note: "y", keepPin: true }));
		await redeploy(olds, declareGadget({ note: "y", keepPin: true }));
		assert.deepEqual(service.calls, ["probe a", "write a"]);
		assert.deepEqual(service.values("a")?.["lock"], { pin: "0000" });
	});

	test("reads first where the outputs do not, so that nothing is lost", async () => {
		const { olds, plan, redeploy, service } = await deployed({ note: "x" });
		await plan(olds, declareGadget({ note: "y" }));
		await redeploy(olds, declareGadget({ note: "y" }));
		assert.deepEqual(service.calls, ["probe a", "find a", "write a"]);
		assert.deepEqual(service.values("a")?.["lock"], { pin: "0000" });
	});

	test("goes ahead without a plan in this process, over an untouched object", async () => {
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

	test("puts back what somebody else changed and the plan has shown", async () => {
		const { olds, plan, redeploy, service } = await deployed({ note: "x", mode: "off" });
		service.change("a", { note: "theirs" });
		await plan(olds, declareGadget({ note: "x", mode: "off" }));
		await redeploy(olds, declareGadget({ note: "x", mode: "off" }));
		assert.equal(service.values("a")?.["note"], "x");
		assert.equal(service.values("a")?.["mode"], "off");
	});

	test("that is there already needs no write", async () => {
		const { olds, redeploy, service } = await deployed({ note: "x" });
		const outs = await redeploy(olds, declareGadget({ note: "x", mode: "on" }));
		assert.deepEqual(service.calls, ["find a"]);
		assert.equal(outs["__declared"], "mode note");
	});

	test("uses what a plan saw once only", async () => {
		const { olds, plan, redeploy, service } = await deployed({ note: "x", keepPin: true });
		await plan(olds, declareGadget({ note: "y", keepPin: true }));
		const outs = await redeploy(olds, declareGadget({ note: "y", keepPin: true }));
		service.calls.length = 0;
		await redeploy(outs, declareGadget({ note: "z", keepPin: true }));
		assert.deepEqual(service.calls, ["find a", "write a"]);
	});
});

describe("what is no longer declared", () => {
	test("goes back to its default, or is left out", async () => {
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

	test("stays where it is a secret, or a property that is kept when it is left out", async () => {
		const { olds, redeploy, service } = await deployed({ lock: { pin: "1234", owner: "me" }, note: "x" });
		await redeploy(olds, declareGadget({ lock: { owner: "you" } }));
		assert.deepEqual(service.values("a")?.["lock"], { pin: "1234", owner: "you" });
		const outs = await redeploy({ ...olds, etag: "e1.2" }, declareGadget());
		assert.deepEqual(service.values("a")?.["lock"], { pin: "1234", owner: "you" });
		assert.equal(outs["__declared"], "");
	});

	test("and never was is left as it is", async () => {
		const { olds, redeploy, service } = await deployed({ note: "x" });
		service.change("a", { mode: "off", labels: ["theirs"] });
		await redeploy(olds, declareGadget({ note: "y" }));
		assert.equal(service.values("a")?.["mode"], "off");
		assert.deepEqual(service.values("a")?.["labels"], ["theirs"]);
	});
});

describe("a change that arrives between plan and write", () => {
	test("is never overwritten: the error tells last, live and declared value", async () => {
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

	test("to a field that is declared for the first time is told as well, and again by the next plan", async () => {
		const { olds, plan, redeploy, service, said } = await deployed({ keepPin: true });
		await plan(olds, declareGadget({ note: "mine", keepPin: true }));
		service.change("a", { note: "theirs" });
		const told = /note: none at the last deployment, "theirs" now, "mine" declared/;
		await assert.rejects(redeploy(olds, declareGadget({ note: "mine", keepPin: true })), { message: told });
		await plan(olds, declareGadget({ note: "mine", keepPin: true }));
		assert.match(said.join(), told);
	});

	test("stops the write even where it touches no declared field", async () => {
		const { olds, plan, redeploy, service } = await deployed({ note: "x", keepPin: true });
		await plan(olds, declareGadget({ note: "y", keepPin: true }));
		service.change("a", { labels: ["theirs"] });
		await assert.rejects(redeploy(olds, declareGadget({ note: "y", keepPin: true })), {
			message: /\n {4}No declared field differs; only the etag moved\.\n/,
		});
	});

	test("and deletes the object is told as that", async () => {
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

describe("a lost answer", () => {
	test("of a write that was carried out is settled by reading", async () => {
		const { olds, redeploy, service } = await deployed({ note: "x" });
		service.plan("write", "answer lost");
		const outs = await redeploy(olds, declareGadget({ note: "y" }));
		assert.deepEqual(service.calls, ["find a", "write a", "find a"]);
		assert.equal(outs["etag"], "e1.2");
	});

	test("of a write that was not carried out is settled by sending it again", async () => {
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

	test("of a first try that is carried out late is recognized by the second one", async () => {
		const { olds, redeploy, service } = await deployed({ note: "x" });
		service.plan("write", "request lost", () => service.change("a", { note: "y" }));
		const outs = await redeploy(olds, declareGadget({ note: "y" }));
		assert.equal(outs["etag"], "e1.2");
		assert.deepEqual(service.calls, ["find a", "write a", "find a", "write a", "find a"]);
	});

	test("of an object that is gone by then is told as deleted", async () => {
		const { olds, redeploy, service } = await deployed({ note: "x" });
		service.plan("write", "answer lost");
		service.plan("find", undefined, () => service.drop("a"));
		await assert.rejects(redeploy(olds, declareGadget({ note: "y" })), {
			code: "DeletedElsewhere",
			message: /while it was being updated/,
		});
	});

	test("that can't be settled says that nobody knows", async () => {
		const { olds, redeploy, service } = await deployed({ note: "x" });
		service.plan("write", "answer lost");
		service.plan("find", undefined, new Error("503 down"));
		await assert.rejects(redeploy(olds, declareGadget({ note: "y" })), {
			code: "OutcomeUnknown",
			message: /^Gadget a may have been updated or not: .*the answer was lost.*503 down/,
		});
	});
});

describe("a write in two steps", () => {
	/** A service whose first write commits and then ends with this error. */
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

	test("that stops half-way records the object as it is, with the reason", async () => {
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

	test("whose second answer is lost goes on from the first", async () => {
		const { olds, redeploy, service } = await halfDone(new ResponseLost(new Error("reset"), 1_000));
		const outs = await redeploy(olds, declareGadget({ note: "y" }));
		assert.equal(outs["note"], "y");
		assert.deepEqual(service.calls, ["probe a", "write a", "find a", "write a"]);
	});
});

test("an object of the same id and another incarnation is written once the plan has shown it", async () => {
	const { olds, plan, redeploy, service } = await deployed({ note: "x" });
	service.put("a", { note: "theirs" });
	await plan(olds, declareGadget({ note: "x" }));
	const outs = await redeploy(olds, declareGadget({ note: "x" }));
	assert.equal(outs["incarnation"], "2");
	assert.equal(outs["note"], "x");
});
