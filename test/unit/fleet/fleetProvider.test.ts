import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PartialError } from "../../../provider/resource/errors.ts";
import { UNKNOWN, type Values } from "../../../provider/values.ts";
import { createGadgetFleet, declareGadgetRow, declareGadgets } from "./gadgetFleet.ts";

describe("a fleet's lifecycle", () => {
	test("sends what each member of its own would send, and nothing for what is as it was", async () => {
		const { life, service } = createGadgetFleet();
		const { id, outs } = await life.create(declareGadgets(declareGadgetRow(3, { mode: "off" })));
		assert.equal(id, "hall");
		assert.deepEqual(service.calls.splice(0), ["create g0", "create g1", "create g2"]);
		const same = await life.diff(id, outs, declareGadgets(declareGadgetRow(3, { mode: "off" })));
		assert.equal(same.changes, false);
		assert.deepEqual(service.calls, ["probe g0", "probe g1", "probe g2"]);
	});

	test("carries out what its own plan saw, once, and plans anew where there is none", async () => {
		const { life, service } = createGadgetFleet();
		const { id, outs } = await life.create(declareGadgets(declareGadgetRow(1)));
		const news = declareGadgets({ g0: { mode: "off" } });
		await life.diff(id, outs, news);
		service.calls.splice(0);
		const { outs: after } = await life.update(id, outs, news);
		assert.deepEqual(service.calls.splice(0), ["find g0", "write g0"]);
		await life.update(id, after, news);
		assert.deepEqual(service.calls, ["probe g0"]);
	});

	test("keeps a member's last state where its update fails, and nothing of one that was never made", async () => {
		const { life, service } = createGadgetFleet({ width: 1 });
		const { id, outs } = await life.create(declareGadgets(declareGadgetRow(2)));
		service.plan("write", new Error("refused"));
		service.plan("create", new Error("refused too"));
		const news = declareGadgets({ g0: { mode: "off" }, g1: {}, g2: {} });
		const error = await life.update(id, outs, news).catch((thrown: unknown) => thrown);
		assert.ok(error instanceof PartialError);
		assert.equal(error.message, "2 of 2 gadgets failed:\n    g2: refused too\n    g0: refused");
		assert.equal(error.properties["__members"], outs["__members"]);
	});

	test("says once what was seen of many, in the order in which it was seen", async () => {
		const { life, service, said } = createGadgetFleet();
		const { id, outs } = await life.create(declareGadgets(declareGadgetRow(30, { note: "x" })));
		for (const name of Object.keys(declareGadgetRow(30))) service.change(name, { note: "y" });
		await life.diff(id, outs, declareGadgets(declareGadgetRow(30, { note: "x" })));
		const [drift = "", plan, ...more] = said;
		assert.deepEqual(more, []);
		assert.match(drift, /^Gadget g0 was changed[\s\S]*\nand 10 more$/);
		assert.match(plan ?? "", /^30 gadgets to change \(g0, .* and 18 more\)$/);
	});

	test("changes for a policy alone, without a word and without a write", async () => {
		const { life, service, said } = createGadgetFleet();
		const { id, outs } = await life.create(declareGadgets(declareGadgetRow(1)));
		const news = declareGadgets(declareGadgetRow(1), { onDrift: "fail" });
		assert.equal((await life.diff(id, outs, news)).changes, true);
		const { outs: after } = await life.update(id, outs, news);
		assert.equal(after["onDrift"], "fail");
		assert.deepEqual(said, []);
		assert.deepEqual(
			service.calls.filter((call) => call.startsWith("write")),
			[],
		);
	});

	test("replaces a member that is another object from now on, and remembers what it was told by", async () => {
		const { life, service, said } = createGadgetFleet({
			limits: { delete: { max: 1, setting: "hall:maxDeletes" } },
		});
		const members = { g0: { seal: "red" }, g1: { seal: "blue" } };
		const { id, outs } = await life.create(declareGadgets(members));
		assert.match(String(outs["__members"]), /"h":"seal=der"/);
		service.calls.splice(0);
		const news = declareGadgets({ ...members, g0: { seal: "green" } });
		await life.diff(id, outs, news);
		assert.deepEqual(said.splice(0), ["1 gadget to replace (g0)"]);
		const { outs: after } = await life.update(id, outs, news);
		assert.deepEqual(service.calls, ["probe g1", "remove g0", "create g0"]);
		assert.equal((await life.diff(id, after, news)).changes, false);
		const both = declareGadgets({ g0: { seal: "x" }, g1: { seal: "y" } });
		await assert.rejects(
			life.diff(id, after, both),
			/hall:maxDeletes allows at most 1.* needs 2, 1 of them counted before these:\n {4}Gadget g1\n/,
		);
	});

	test("keeps nothing of a member whose former object is gone and whose new one could not be made", async () => {
		const { life, service } = createGadgetFleet();
		const { id, outs } = await life.create(declareGadgets({ g0: { seal: "red" }, g1: {} }));
		service.plan("create", new Error("refused"));
		const error = await life
			.update(id, outs, declareGadgets({ g0: { seal: "green" }, g1: {} }))
			.catch((thrown: unknown) => thrown);
		assert.ok(error instanceof PartialError);
		assert.deepEqual(Object.keys(JSON.parse(String(error.properties["__members"]))), ["g1"]);
	});

	test("refuses two names of one object, where objects are told apart by more than their names", async () => {
		const { life } = createGadgetFleet();
		const twice = declareGadgets({ a: { seal: "red" }, b: { seal: "blue" }, c: { seal: "red" } });
		const { failures } = await life.check({}, twice);
		assert.deepEqual(
			failures.map(({ reason }) => reason),
			["c: names the same gadget as a; leave one of them out."],
		);
	});

	test("tidies up when all is done, whatever became of it", async () => {
		const { kind, life, service } = createGadgetFleet();
		const tidyUp = async () => void service.calls.push("tidy up");
		Object.assign(kind, { beginRun: () => ({ memberContext: kind.memberContext, cleanup: tidyUp }) });
		service.plan("create", undefined, new Error("refused"));
		await assert.rejects(life.create(declareGadgets(declareGadgetRow(2))), /g1: refused/);
		assert.deepEqual(service.calls, ["create g0", "create g1", "tidy up"]);
	});

	test("gives children the scope that their parent has, the new one where it was made again", async () => {
		const { life, service } = createGadgetFleet();
		const members = { leaf: { parent: "top" }, top: { labels: ["x"] } };
		const { id, outs } = await life.create(declareGadgets(members));
		const first = service.live("top")?.uid;
		assert.equal(service.values("leaf")?.["note"], first);
		service.drop("top");
		await life.diff(id, outs, declareGadgets(members));
		await life.update(id, outs, declareGadgets(members));
		assert.notEqual(service.live("top")?.uid, first);
		assert.equal(service.values("leaf")?.["note"], service.live("top")?.uid);
	});

	test("sends no child a scope that nobody knows", async () => {
		const { life, service } = createGadgetFleet();
		service.plan("create", new Error("refused"));
		const members = { leaf: { parent: "top" }, top: { labels: ["x"] } };
		const outcome = life.create(declareGadgets(members));
		await assert.rejects(outcome, /top: refused\n {4}leaf: its parent top failed, so it was not tried$/);
		assert.deepEqual(service.calls, ["create top"]);
	});

	test("counts removals before the first of them", async () => {
		const { life, service } = createGadgetFleet({
			limits: { delete: { max: 1, setting: "hall:maxDeletes" } },
		});
		const { id, outs } = await life.create(declareGadgets(declareGadgetRow(3)));
		service.calls.splice(0);
		await assert.rejects(
			life.delete(id, outs),
			/^ResourceOperationError: hall:maxDeletes allows at most 1 .* this run needs 3:\n {4}Gadget g0\n {4}Gadget g1\n {4}Gadget g2\n/,
		);
		assert.deepEqual(service.calls, []);
		await assert.rejects(
			life.update(id, outs, declareGadgets(declareGadgetRow(1))),
			/hall:maxDeletes .* this run needs 2:/,
		);
		assert.ok(service.live("g2"));
	});

	test("counts what a plan would disable all together, and plan and write of it once", async () => {
		const limits = { disable: { max: 3, setting: "hall:maxDisables" } };
		const { life, service } = createGadgetFleet({ limits });
		const { id, outs } = await life.create(declareGadgets(declareGadgetRow(6)));
		service.calls.splice(0);
		await assert.rejects(
			life.diff(id, outs, declareGadgets(declareGadgetRow(6, { mode: "off" }))),
			/hall:maxDisables allows at most 3 .* this run needs 6:\n[\s\S]*Gadget g5\nNone of these was disabled\./,
		);
		assert.ok(service.calls.every((call) => call.startsWith("probe")));
		const news = declareGadgets({ ...declareGadgetRow(6), ...declareGadgetRow(3, { mode: "off" }) });
		await life.diff(id, outs, news);
		await life.update(id, outs, news);
		assert.equal(service.calls.filter((call) => call.startsWith("write")).length, 3);
	});

	test("counts what leaves a fleet and what is changed in it together, where both are the same risk", async () => {
		const limits = { disable: { max: 1, setting: "hall:maxDisables" } };
		const { kind, life } = createGadgetFleet({ limits });
		Object.assign(kind.memberContext.resourceType, { deleteAction: "disable" });
		const { id, outs } = await life.create(declareGadgets(declareGadgetRow(2)));
		await assert.rejects(
			life.diff(id, outs, declareGadgets(declareGadgetRow(1, { mode: "off" }))),
			/this run needs 2:/,
		);
	});

	test("inspects its members without a word", async () => {
		const { life, service, said } = createGadgetFleet();
		const { id, outs } = await life.create(declareGadgets(declareGadgetRow(3, { note: "x" })));
		assert.equal((await life.inspectResource(id, outs, { consistency: "strong" })).status, "unchanged");
		service.change("g1", { note: "y" });
		service.drop("g2");
		const found = await life.inspectResource(id, outs, { consistency: "strong" });
		assert.equal(found.status, "changed");
		assert.deepEqual(
			found.differences.map(({ path }) => path),
			["g1.note"],
		);
		assert.match(found.message ?? "", /Gadget g1 was changed[\s\S]*Gadget g2 was deleted/);
		assert.deepEqual(said, []);
	});

	test("is a change where its members are not known yet", async () => {
		const { life, service } = createGadgetFleet();
		const { id, outs } = await life.create(declareGadgets(declareGadgetRow(1)));
		service.calls.splice(0);
		const diff = await life.diff(id, outs, { place: "hall", gadgets: UNKNOWN });
		assert.deepEqual(diff, { changes: true, replaces: [], deleteBeforeReplace: false });
		assert.deepEqual(service.calls, []);
	});
});

describe("a fleet of many", () => {
	test("looks at a member's parent as often as it has children, not as often as there are members", async () => {
		const { kind, life } = createGadgetFleet({ width: 16 });
		let asked = 0;
		const { hierarchy } = kind;
		assert.ok(hierarchy);
		Object.assign(kind, {
			hierarchy: {
				...hierarchy,
				getScope: (outputs: Values) => {
					asked++;
					return hierarchy.getScope(outputs);
				},
			},
		});
		const members = { ...declareGadgetRow(2_000, { parent: "top" }), top: { labels: ["x"] } };
		const { id, outs } = await life.create(declareGadgets(members));
		assert.ok(asked <= 2_000, `${asked} after creation`);
		await life.diff(id, outs, declareGadgets(members));
		assert.ok(asked <= 3 * 2_001 + 2_000, `${asked} after a plan`);
	});
});
