import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FleetError } from "../../../provider/fleet/reporting.ts";
import {
	PartialError,
	PartiallyApplied,
	type ResourceOperationError,
} from "../../../provider/resource/errors.ts";
import { UNKNOWN, type Values } from "../../../provider/values.ts";
import { createGadgetFleet, declareGadgetRow, declareGadgets } from "./gadgetFleet.ts";

describe("a fleet provider", () => {
	test("sends the requests that each member would send as its own resource, and no write for unchanged members", async () => {
		const { provider, service } = createGadgetFleet();
		const { id, outs } = await provider.create(declareGadgets(declareGadgetRow(3, { mode: "off" })));
		assert.equal(id, "hall");
		assert.deepEqual(service.calls.splice(0), ["create g0", "create g1", "create g2"]);
		const same = await provider.diff(id, outs, declareGadgets(declareGadgetRow(3, { mode: "off" })));
		assert.equal(same.changes, false);
		assert.deepEqual(service.calls, ["probe g0", "probe g1", "probe g2"]);
	});

	test("applies a plan once, and plans again if there is none", async () => {
		const { provider, service } = createGadgetFleet();
		const { id, outs } = await provider.create(declareGadgets(declareGadgetRow(1)));
		const news = declareGadgets({ g0: { mode: "off" } });
		await provider.diff(id, outs, news);
		service.calls.splice(0);
		const { outs: after } = await provider.update(id, outs, news);
		assert.deepEqual(service.calls.splice(0), ["find g0", "write g0"]);
		await provider.update(id, after, news);
		assert.deepEqual(service.calls, ["probe g0"]);
	});

	test("keeps a member's last state if its update fails, and nothing of a member that was never created", async () => {
		const { provider, service } = createGadgetFleet({ concurrency: 1 });
		const { id, outs } = await provider.create(declareGadgets(declareGadgetRow(2)));
		service.plan("write", new Error("refused"));
		service.plan("create", new Error("refused too"));
		const news = declareGadgets({ g0: { mode: "off" }, g1: {}, g2: {} });
		const error = await provider.update(id, outs, news).catch((thrown: unknown) => thrown);
		assert.ok(error instanceof PartialError);
		assert.equal(error.message, "2 of 2 gadgets failed:\n    g2: refused too\n    g0: refused");
		assert.equal(error.properties["__members"], outs["__members"]);
	});

	test("keeps a member of which only the first write was applied, and the next run completes it", async () => {
		const { provider, service, warnings } = createGadgetFleet({ concurrency: 1 });
		const applyFirstWrite = (name: string, first: () => void) => () => {
			first();
			const live = service.live(name);
			assert.ok(live !== undefined);
			throw new PartiallyApplied(new Error("the second write was refused"), live);
		};
		service.plan(
			"create",
			undefined,
			applyFirstWrite("g1", () => service.put("g1", { mode: "on" })),
		);
		const members = { g0: {}, g1: { mode: "off" } };
		const created = await provider.create(declareGadgets(members)).catch((thrown: unknown) => thrown);
		assert.ok(created instanceof PartialError);
		assert.match(
			created.message,
			/^1 of 2 gadgets failed; the others are as declared:\n {4}g1: the second write was refused/,
		);
		assert.deepEqual(Object.keys(JSON.parse(String(created.properties["__members"]))), ["g0", "g1"]);

		service.calls.splice(0);
		service.plan(
			"write",
			applyFirstWrite("g1", () => service.change("g1", { note: "x" })),
		);
		const news = declareGadgets({ ...members, g1: { mode: "off", note: "x" } });
		await provider.diff(created.id, created.properties, news);
		const updated = await provider
			.update(created.id, created.properties, news)
			.catch((thrown: unknown) => thrown);
		assert.ok(updated instanceof PartialError);
		assert.ok(!service.calls.some((call) => call.startsWith("create")), "the object exists");

		warnings.splice(0);
		const { changes } = await provider.diff(updated.id, updated.properties, news);
		assert.equal(changes, true);
		assert.doesNotMatch(warnings.join(), /outside Pulumi/, "the first write was the fleet's own");
		const { outs } = await provider.update(updated.id, updated.properties, news);
		assert.equal(service.values("g1")?.["mode"], "off");
		assert.equal((await provider.diff(updated.id, outs, news)).changes, false);
	});

	test("logs the drift of many members as one warning, in the order in which it was found", async () => {
		const { provider, service, warnings } = createGadgetFleet();
		const { id, outs } = await provider.create(declareGadgets(declareGadgetRow(30, { note: "x" })));
		for (const name of Object.keys(declareGadgetRow(30))) service.change(name, { note: "y" });
		await provider.diff(id, outs, declareGadgets(declareGadgetRow(30, { note: "x" })));
		const [drift = "", plan, ...more] = warnings;
		assert.deepEqual(more, []);
		assert.match(drift, /^GadgetFleet hall: Gadget g0 was changed[\s\S]*\nand 10 more$/);
		assert.match(
			plan ?? "",
			/^GadgetFleet hall: 30 gadgets to change:\n {4}note: g0, g1, g2, .*, g11 and 18 more$/,
		);
	});

	test("refuses each kind of drift under onDrift fail, and records all of them in a refresh", async () => {
		const { provider, service } = createGadgetFleet();
		const news = declareGadgets(declareGadgetRow(3, { note: "x" }), { onDrift: "fail" });
		const { id, outs } = await provider.create(news);
		service.change("g0", { note: "y" });
		service.drop("g1");
		service.put("g2");
		const refusal = await provider.diff(id, outs, news).catch((thrown: unknown) => thrown);
		assert.ok(refusal instanceof FleetError);
		assert.deepEqual(
			[...refusal.failed].map(([name, error]) => [name, (error as ResourceOperationError).code]).sort(),
			[
				["g0", "DriftRefused"],
				["g1", "DeletedElsewhere"],
				["g2", "RecreatedElsewhere"],
			],
		);
		const { props } = await provider.read(id, outs);
		assert.equal((await provider.diff(id, props, news)).changes, true);
		await provider.check(news, news);
		const later = await provider.diff(id, props, news).catch((thrown: unknown) => thrown);
		assert.ok(later instanceof FleetError);
		assert.deepEqual([...later.failed.keys()].sort(), ["g0", "g2"]);
		await provider.check(news, { ...news, onDrift: "reconcile" });
		assert.equal((await provider.diff(id, props, { ...news, onDrift: "reconcile" })).changes, true);
	});

	test("refuses, under onDrift fail, a drifted field beside one that is declared to its new value, of one member or of two", async () => {
		const { provider, service } = createGadgetFleet();
		const declare = (note: string) =>
			declareGadgets(declareGadgetRow(2, { note, mode: "on" }), { onDrift: "fail" });
		const { id, outs } = await provider.create(declare("x"));
		for (const name of ["g0", "g1"]) service.change(name, { note: "y", mode: "on" });
		assert.equal((await provider.diff(id, outs, declare("y"))).changes, true);
		service.change("g1", { note: "y", mode: "off" });
		const refusal = await provider.diff(id, outs, declare("y")).catch((thrown: unknown) => thrown);
		assert.ok(refusal instanceof FleetError);
		assert.deepEqual(
			[...refusal.failed].map(([name, error]) => [name, (error as ResourceOperationError).code]),
			[["g1", "DriftRefused"]],
		);
	});

	test("counts nothing against a limit in a refresh", async () => {
		const limits = { disable: { max: 1, setting: "hall:maxDisables" } };
		const { provider, service } = createGadgetFleet({ limits });
		const news = declareGadgets(declareGadgetRow(3, { mode: "off" }));
		const { id, outs } = await provider.create(news);
		for (const name of ["g0", "g1", "g2"]) service.change(name, { mode: "on" });
		const { props } = await provider.read(id, outs);
		assert.equal((await provider.diff(id, props, news)).changes, true);
		await provider.check(news, news);
		await assert.rejects(provider.diff(id, props, news), { code: "LimitReached" });
	});

	test("updates state for a changed provider option alone, without a warning and without a write", async () => {
		const { provider, service, warnings } = createGadgetFleet();
		const { id, outs } = await provider.create(declareGadgets(declareGadgetRow(1)));
		const news = declareGadgets(declareGadgetRow(1), { onDrift: "fail" });
		assert.equal((await provider.diff(id, outs, news)).changes, true);
		const { outs: after } = await provider.update(id, outs, news);
		assert.equal(after["onDrift"], "fail");
		assert.deepEqual(warnings, []);
		assert.deepEqual(
			service.calls.filter((call) => call.startsWith("write")),
			[],
		);
	});

	test("replaces a member whose identity changes, and keeps the new identity in state", async () => {
		const { provider, service, warnings } = createGadgetFleet({
			limits: { delete: { max: 1, setting: "hall:maxDeletes" } },
		});
		const members = { g0: { seal: "red" }, g1: { seal: "blue" } };
		const { id, outs } = await provider.create(declareGadgets(members));
		assert.match(String(outs["__members"]), /"h":"seal=der"/);
		service.calls.splice(0);
		const news = declareGadgets({ ...members, g0: { seal: "green" } });
		await provider.diff(id, outs, news);
		assert.deepEqual(warnings.splice(0), ["GadgetFleet hall: 1 gadget to replace (g0)"]);
		const { outs: after } = await provider.update(id, outs, news);
		assert.deepEqual(service.calls, ["probe g1", "remove g0", "create g0"]);
		assert.equal((await provider.diff(id, after, news)).changes, false);
		const both = declareGadgets({ g0: { seal: "x" }, g1: { seal: "y" } });
		await assert.rejects(
			provider.diff(id, after, both),
			/hall:maxDeletes allows at most 1.* needs 2, 1 of them counted before these:\n {4}Gadget g1\n/,
		);
	});

	test("keeps nothing of a member whose previous object is deleted and whose replacement failed", async () => {
		const { provider, service } = createGadgetFleet();
		const { id, outs } = await provider.create(declareGadgets({ g0: { seal: "red" }, g1: {} }));
		service.plan("create", new Error("refused"));
		const error = await provider
			.update(id, outs, declareGadgets({ g0: { seal: "green" }, g1: {} }))
			.catch((thrown: unknown) => thrown);
		assert.ok(error instanceof PartialError);
		assert.deepEqual(Object.keys(JSON.parse(String(error.properties["__members"]))), ["g1"]);
	});

	test("refuses two members for one object if names alone do not identify objects", async () => {
		const { provider } = createGadgetFleet();
		const twice = declareGadgets({ a: { seal: "red" }, b: { seal: "blue" }, c: { seal: "red" } });
		const { failures } = await provider.check({}, twice);
		assert.deepEqual(
			failures.map(({ reason }) => reason),
			["c: declares the same gadget as a; remove one of them."],
		);
	});

	test("cleans up after the last member, even if members failed", async () => {
		const { fleetType, provider, service } = createGadgetFleet();
		const cleanup = async () => void service.calls.push("clean up");
		Object.assign(fleetType, { beginRun: () => ({ memberContext: fleetType.memberContext, cleanup }) });
		service.plan("create", undefined, new Error("refused"));
		await assert.rejects(provider.create(declareGadgets(declareGadgetRow(2))), /g1: refused/);
		assert.deepEqual(service.calls, ["create g0", "create g1", "clean up"]);
	});

	test("counts members whose deletion failed in its progress", async () => {
		const { fleetType, provider, service, warnings } = createGadgetFleet({ concurrency: 1 });
		const { id, outs } = await provider.create(declareGadgets(declareGadgetRow(3)));
		let now = 0;
		Object.assign(fleetType.memberContext.runtime, { now: () => (now += 11_000) });
		service.plan("remove", new Error("refused"), new Error("refused"), new Error("refused"));
		warnings.length = 0;
		await assert.rejects(provider.delete(id, outs), /3 of 3 gadgets/);
		assert.ok(
			warnings.some((text) => text === "GadgetFleet hall: 1 of 3 gadgets"),
			warnings.join("\n"),
		);
	});

	test("gives children the scope of their parent, and the new scope after the parent was created again", async () => {
		const { provider, service } = createGadgetFleet();
		const members = { leaf: { parent: "top" }, top: { labels: ["x"] } };
		const { id, outs } = await provider.create(declareGadgets(members));
		const first = service.live("top")?.uid;
		assert.equal(service.values("leaf")?.["note"], first);
		service.drop("top");
		await provider.diff(id, outs, declareGadgets(members));
		await provider.update(id, outs, declareGadgets(members));
		assert.notEqual(service.live("top")?.uid, first);
		assert.equal(service.values("leaf")?.["note"], service.live("top")?.uid);
	});

	test("does not create a child whose parent's scope is unknown", async () => {
		const { provider, service } = createGadgetFleet();
		service.plan("create", new Error("refused"));
		const members = { leaf: { parent: "top" }, top: { labels: ["x"] } };
		const outcome = provider.create(declareGadgets(members));
		await assert.rejects(outcome, /top: refused\n {4}leaf: its parent top failed, so it was not tried$/);
		assert.deepEqual(service.calls, ["create top"]);
	});

	test("counts deletions before the first of them", async () => {
		const { provider, service } = createGadgetFleet({
			limits: { delete: { max: 1, setting: "hall:maxDeletes" } },
		});
		const { id, outs } = await provider.create(declareGadgets(declareGadgetRow(3)));
		service.calls.splice(0);
		await assert.rejects(
			provider.delete(id, outs),
			/^ResourceOperationError: hall:maxDeletes allows at most 1 .* this run needs 3:\n {4}Gadget g0\n {4}Gadget g1\n {4}Gadget g2\n/,
		);
		assert.deepEqual(service.calls, []);
		await assert.rejects(
			provider.update(id, outs, declareGadgets(declareGadgetRow(1))),
			/hall:maxDeletes .* this run needs 2:/,
		);
		assert.ok(service.live("g2"));
	});

	test("counts all members that a plan disables together, and each once for plan and update", async () => {
		const limits = { disable: { max: 3, setting: "hall:maxDisables" } };
		const { provider, service } = createGadgetFleet({ limits });
		const { id, outs } = await provider.create(declareGadgets(declareGadgetRow(6)));
		service.calls.splice(0);
		await assert.rejects(
			provider.diff(id, outs, declareGadgets(declareGadgetRow(6, { mode: "off" }))),
			/hall:maxDisables allows at most 3 .* this run needs 6:\n[\s\S]*Gadget g5\nNone of these was disabled\./,
		);
		assert.ok(service.calls.every((call) => call.startsWith("probe")));
		const news = declareGadgets({ ...declareGadgetRow(6), ...declareGadgetRow(3, { mode: "off" }) });
		await provider.diff(id, outs, news);
		await provider.update(id, outs, news);
		assert.equal(service.calls.filter((call) => call.startsWith("write")).length, 3);
	});

	test("counts deletions and changes together if both are the same limited action", async () => {
		const limits = { disable: { max: 1, setting: "hall:maxDisables" } };
		const { fleetType, provider } = createGadgetFleet({ limits });
		Object.assign(fleetType.memberContext.resourceType, { deleteAction: "disable" });
		const { id, outs } = await provider.create(declareGadgets(declareGadgetRow(2)));
		await assert.rejects(
			provider.diff(id, outs, declareGadgets(declareGadgetRow(1, { mode: "off" }))),
			/this run needs 2:/,
		);
	});

	test("inspects its members without a warning", async () => {
		const { provider, service, warnings } = createGadgetFleet();
		const { id, outs } = await provider.create(declareGadgets(declareGadgetRow(3, { note: "x" })));
		assert.equal((await provider.inspectResource(id, outs, { consistency: "strong" })).status, "unchanged");
		service.change("g1", { note: "y" });
		service.drop("g2");
		const found = await provider.inspectResource(id, outs, { consistency: "strong" });
		assert.equal(found.status, "changed");
		assert.deepEqual(
			found.differences.map(({ path }) => path),
			["g1.note"],
		);
		assert.match(found.message ?? "", /Gadget g1 was changed[\s\S]*Gadget g2 was deleted/);
		assert.deepEqual(warnings, []);
	});

	test("reports a change while its members are unknown", async () => {
		const { provider, service } = createGadgetFleet();
		const { id, outs } = await provider.create(declareGadgets(declareGadgetRow(1)));
		service.calls.splice(0);
		const diff = await provider.diff(id, outs, { place: "hall", gadgets: UNKNOWN });
		assert.deepEqual(diff, { changes: true, replaces: [], deleteBeforeReplace: false });
		assert.deepEqual(service.calls, []);
	});
});

describe("a large fleet", () => {
	test("reads scopes in time linear in the number of members", async () => {
		const { fleetType, provider } = createGadgetFleet({ concurrency: 16 });
		let scopeReads = 0;
		const { hierarchy } = fleetType;
		assert.ok(hierarchy);
		Object.assign(fleetType, {
			hierarchy: {
				...hierarchy,
				getScope: (outputs: Values) => {
					scopeReads++;
					return hierarchy.getScope(outputs);
				},
			},
		});
		const members = { ...declareGadgetRow(2_000, { parent: "top" }), top: { labels: ["x"] } };
		const { id, outs } = await provider.create(declareGadgets(members));
		assert.ok(scopeReads <= 2_000, `${scopeReads} after creation`);
		await provider.diff(id, outs, declareGadgets(members));
		assert.ok(scopeReads <= 3 * 2_001 + 2_000, `${scopeReads} after a plan`);
	});
});
