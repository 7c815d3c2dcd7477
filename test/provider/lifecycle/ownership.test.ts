import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Kind, Values } from "../../../provider/lifecycle/kind.ts";
import { AFTER, ORIGIN, tagOf } from "../../../provider/lifecycle/origin.ts";
import { RECORD } from "../../../provider/lifecycle/recordMark.ts";
import { UNKNOWN } from "../../../provider/lifecycle/unknown.ts";
import { type GadgetInputs, gadgetKind } from "./gadget.ts";
import { gadget, gadgetLife } from "./gadgetLife.ts";
import type { GadgetService } from "./gadgetService.ts";

const NO_DELETIONS = { delete: { most: 0, setting: "gadget:maxDeletes" } };

/** A gadget that state knows, in a process that has not been told of it. */
async function deployed(options: Parameters<typeof gadgetLife>[0] = {}, inputs = gadget({ note: "x" })) {
	const first = gadgetLife(options);
	const olds = await first.deploy(inputs);
	return { ...first, olds };
}

describe("a gadget that two records of a stack know", () => {
	test("stays where one of them ends after the other took it over, and who has it is said", async () => {
		const { life, olds, service, said } = await deployed();
		await life.delete("a", olds);
		const made = await life.create(gadget());
		const adopted = { ...olds, [RECORD]: "another/" };
		await life.delete("a", adopted);
		assert.ok(service.values("a"));
		assert.equal(
			said.at(-1),
			"Gadget a stays as it is: another resource has it now, so only this record of it ends",
		);
		await life.delete("a", made.outs);
		assert.equal(service.values("a"), undefined);
	});

	test("stays where a plan has looked at the one, whichever of them has a mark", async () => {
		const { life, olds, plan, service } = await deployed();
		const { [RECORD]: _, ...unmarked } = olds;
		await plan(olds, gadget({ note: "x" }));
		await life.delete("a", unmarked);
		assert.ok(service.values("a"));
		const again = gadgetLife();
		const other = await again.deploy(gadget({ note: "x" }));
		const { [RECORD]: __, ...like } = other;
		await again.plan(like, gadget({ note: "x" }));
		await again.life.delete("a", like);
		assert.ok(again.service.values("a"));
	});

	test("is not deleted while another resource declares it that failed to take it over", async () => {
		const { olds, service } = await deployed();
		const { life } = gadgetLife({ kind: gadgetKind(service) });
		await life.check({}, gadget());
		await assert.rejects(life.create(gadget()), { code: "AlreadyExists" });
		await assert.rejects(life.delete("a", olds), {
			code: "HeldElsewhere",
			message: /^Gadget a was not deleted: another resource declares it and has not taken it over yet\./,
		});
		assert.ok(service.values("a"));
	});

	test("is refused to a resource that is checked after a plan gave it up", async () => {
		const { life, plan, olds, said } = await deployed();
		await life.check(gadget(), gadget({ name: "b" }));
		const { replaces, deleteBeforeReplace } = await plan(olds, gadget({ name: "b" }));
		assert.deepEqual({ replaces, deleteBeforeReplace }, { replaces: ["name"], deleteBeforeReplace: true });
		assert.equal(said.at(-1), "Gadget a will be deleted, and Gadget b created in its place: name differs");
		const { failures } = await life.check({}, gadget({ adopt: true }));
		assert.match(
			failures[0]?.reason ?? "",
			/gives up a and does not depend on.*\(`dependsOn`\).*\[HeldElsewhere\]$/,
		);
	});

	test("is refused in the same way where the service chooses ids, and not to the resource that it is replaced for", async () => {
		const first = gadgetLife();
		const { life } = gadgetLife({ kind: choosingIds(gadgetKind(first.service)) });
		const { id, outs } = await life.create(gadget({ seal: "one" }));
		assert.deepEqual((await life.diff(id, outs, gadget({ seal: "two" }))).replaces, ["seal"]);
		assert.deepEqual((await life.check({}, gadget({ seal: "two" }))).failures, []);
		const { life: later } = gadgetLife({ kind: choosingIds(gadgetKind(first.service)) });
		await later.check(gadget({ seal: "one" }), gadget({ name: "b", seal: "one" }));
		assert.deepEqual((await later.diff(id, outs, gadget({ name: "b", seal: "one" }))).replaces, ["name"]);
		const { failures } = await later.check({}, gadget({ adopt: true }));
		assert.match(failures[0]?.reason ?? "", /gives up a and does not depend on.*\[HeldElsewhere\]$/);
	});

	test("is handed over by a replacement that is planned after another resource took it", async () => {
		const { life, plan, olds, service, said } = await deployed({ limits: NO_DELETIONS });
		const third = { ...olds, [RECORD]: "third/" };
		await plan(third, gadget({ note: "x" }));
		await plan({ ...olds, [RECORD]: "first/" }, gadget({ name: "b" }));
		assert.equal(
			said.at(-1),
			"Gadget a stays as it is: another resource has it now, so only this record of it ends; Gadget b is created",
		);
		await life.delete("a", { ...olds, [RECORD]: "first/" });
		assert.ok(service.values("a"));
	});
});

describe("a gadget that is gone for a plan", () => {
	test("is not deleted where the run finds it again, and the next plan compares it", async () => {
		const { life, olds, plan, service } = await deployed();
		service.drop("a");
		const { replaces } = await plan(olds, gadget({ note: "x" }));
		assert.deepEqual(replaces, ["name"]);
		service.put("a", { note: "x" });
		service.calls.length = 0;
		await assert.rejects(life.delete("a", olds), { code: "RecreatedElsewhere", message: /found none/ });
		assert.deepEqual(service.calls, ["find a"]);
		assert.ok(service.values("a"));
	});

	test("counts as no deletion where it is created again", async () => {
		const { life, olds, plan, service } = await deployed({ limits: NO_DELETIONS });
		service.drop("a");
		await plan(olds, gadget({ note: "x" }));
		await life.delete("a", olds);
		await life.create(gadget({ note: "x" }));
		assert.ok(service.values("a"));
	});
});

describe("a replacement that Pulumi demands", () => {
	test("deletes and creates, under a new mark", async () => {
		const { life, olds, service } = await deployed();
		await life.check(gadget({ note: "x" }), gadget({ note: "x" }));
		await life.delete("a", olds);
		const { outs } = await life.create(gadget({ note: "x" }));
		assert.notEqual(outs[RECORD], olds[RECORD]);
		assert.notEqual(outs["incarnation"], olds["incarnation"]);
		assert.ok(service.values("a"));
	});

	test("deletes what a plan of the same run looked at, as `#initerror` and `replaceWith` demand it", async () => {
		const { life, olds, plan, service } = await deployed();
		await life.check(gadget({ note: "x" }), gadget({ note: "y" }));
		await plan(olds, gadget({ note: "y" }));
		await life.check({}, gadget({ note: "y" }));
		await life.delete("a", olds);
		const { outs } = await life.create(gadget({ note: "y" }));
		assert.notEqual(outs["incarnation"], olds["incarnation"]);
		assert.equal(service.values("a")?.["note"], "y");
	});

	test("that creates before it deletes is told what stands in its way, and not to adopt", async () => {
		const { service } = await deployed();
		const next = gadgetLife({ kind: gadgetKind(service) });
		await next.life.check(gadget({ note: "x" }), gadget({ note: "x" }));
		await assert.rejects(next.life.create(gadget({ note: "x" })), (error: Error & { code?: string }) => {
			assert.equal(error.code, "AlreadyExists");
			assert.match(error.message, /`deleteBeforeReplace: false` or `retainOnDelete: true`/);
			assert.doesNotMatch(error.message, /`adopt: true`/);
			return true;
		});
		assert.ok(service.values("a"));
	});

	test("and that was killed between its halves may adopt what came to be since, for that is not what it deleted", async () => {
		const inputs = gadget({ note: "x", [ORIGIN]: "org/project/dev/Gadget/one" });
		const { olds, service } = await deployed({}, inputs);
		service.put("a", { note: "x" });
		const next = gadgetLife({ kind: gadgetKind(service) });
		await next.life.check(inputs, inputs);
		await next.plan(olds, inputs);
		await next.life.check({}, inputs);
		await assert.rejects(next.life.create(inputs), {
			code: "AlreadyExists",
			message: /To take it over as it is declared, set `adopt: true` on it/,
		});
		const { outs } = await next.life.create({ ...inputs, adopt: true });
		assert.notEqual(outs["incarnation"], olds["incarnation"]);
		assert.deepEqual(await next.life.delete("a", olds), undefined);
		assert.ok(service.values("a"));
	});

	test("is counted and said where the inputs demand it", async () => {
		const { olds, plan, life, service } = await deployed({ limits: NO_DELETIONS });
		await assert.rejects(plan(olds, gadget({ name: "b" })), { code: "LimitReached" });
		await assert.rejects(life.delete("a", olds), { code: "LimitReached" });
		assert.ok(service.values("a"));
	});

	test("is refused for what could not be created again, by the plan and by a forced deletion", async () => {
		const refusesReplacement = () => "it has no seal.";
		const { olds, plan, life, service } = await deployed({ kind: { refusesReplacement } });
		const refused = { code: "NotReplaceable", message: "Gadget a was not replaced: it has no seal." };
		await assert.rejects(plan(olds, gadget({ name: "b" })), refused);
		const next = gadgetLife({ kind: { ...gadgetKind(service), ...byName, refusesReplacement } });
		await next.life.check(gadget(), gadget());
		await assert.rejects(next.life.delete("a", olds), refused);
		assert.ok(service.values("a"));
		await life.delete("a", olds);
		assert.equal(service.values("a"), undefined);
	});
});

/** Gadgets that are known by one key whatever their id, as machines are by their serial number. */
const byName: Partial<Kind<GadgetInputs>> = { key: ({ values }) => String(values["name"]) };

describe("where what leaves the program is only disabled", () => {
	const disabling = (service: GadgetService): Partial<Kind<GadgetInputs>> => ({
		removal: "disable",
		connect: () => ({
			find: (target) => service.find(target),
			probe: (target, etag, how) => service.probe(target, etag, how),
			create: (desired) => service.create(desired),
			write: (desired, base) => service.write(desired, base),
			purge: (target, etag) => service.remove(target, etag),
			isRemoved: ({ values }) => values.mode === "off",
			remove: async ({ id }) => service.change(id, { mode: "off" }),
		}),
	});

	test("a gadget that is replaced is deleted, and counts as deleted before anything is sent", async () => {
		const { service, olds } = await deployed();
		const limited = gadgetLife({ kind: disabling(service), limits: NO_DELETIONS });
		await limited.life.check(gadget(), gadget());
		await assert.rejects(limited.life.delete("a", olds), { code: "LimitReached" });
		assert.equal(service.values("a")?.["mode"], "on");
		const next = gadgetLife({ kind: disabling(service) });
		await next.life.check(gadget(), gadget());
		service.plan("remove", "answer lost");
		await next.life.delete("a", olds);
		assert.equal(service.values("a"), undefined);
		await next.life.create(gadget());
		assert.equal(service.values("a")?.["mode"], "on");
	});

	test("a gadget that leaves the program, or takes another name, is disabled", async () => {
		const { service, olds } = await deployed();
		const next = gadgetLife({ kind: disabling(service), limits: NO_DELETIONS });
		await next.life.check(gadget({ note: "x" }), gadget({ name: "b" }));
		await next.life.delete("a", olds);
		assert.equal(service.values("a")?.["mode"], "off");
	});
});

describe("a plan that gives up a gadget while another resource's is not known yet", () => {
	const named = (name: string, after = ""): Values => ({ [ORIGIN]: `o/p/s/Gadget/${name}`, [AFTER]: after });
	const taker = { place: "hall", name: UNKNOWN, adopt: true, ...named("taker") };
	const moved = (after?: string): Values => gadget({ name: "b", ...named("giver", after) });
	const warning =
		/^Gadget giver gives up objects, and which objects Gadget taker takes over is not known yet\./;

	test("warns, whichever comes first", async () => {
		const { olds, life, said } = await deployed();
		await life.check(gadget(), moved());
		await life.diff("a", olds, moved());
		await life.check({}, taker);
		assert.match(said.at(-1) ?? "", warning);
		const other = gadgetLife();
		await other.life.check({}, taker);
		await other.life.check(gadget(), moved());
		await other.life.diff("a", olds, moved());
		assert.ok(other.said.some((text) => warning.test(text)));
	});

	test("says nothing where it depends on that resource, or where that one does not adopt", async () => {
		const { olds, life, said } = await deployed();
		await life.check({}, { ...taker, adopt: false });
		await life.check({}, taker);
		const after = tagOf("Gadget", "taker");
		await life.check(gadget(), moved(after));
		await life.diff("a", olds, moved(after));
		assert.deepEqual(
			said.filter((text) => warning.test(text)),
			[],
		);
	});
});

describe("limits", () => {
	const limits = { disable: { most: 0, setting: "gadget:maxDisables" } };

	test("count what an adoption changes", async () => {
		const { life, service } = gadgetLife({ limits });
		service.put("a", { mode: "on" });
		await assert.rejects(life.create(gadget({ mode: "off", adopt: true })), { code: "LimitReached" });
		assert.equal(service.values("a")?.["mode"], "on");
		service.change("a", { mode: "off" });
		await life.create(gadget({ mode: "off", adopt: true }));
	});

	test("count nothing and remember no plan where inputs are not known yet", async () => {
		const { plan, redeploy, olds, service } = await deployed({ limits });
		await plan(olds, gadget({ note: UNKNOWN, mode: "off" }));
		service.change("a", { labels: ["theirs"] });
		await plan(olds, gadget({ note: "y" }));
		const outs: Values = await redeploy(olds, gadget({ note: "y" }));
		assert.equal(outs["note"], "y");
	});
});

/** Gadgets of a service that knows them by other ids than their names. */
function choosingIds(kind: Kind<GadgetInputs>): Kind<GadgetInputs> {
	return {
		...kind,
		id: () => "",
		key: ({ id, values }) => id || String(values["name"]),
		connect: (verb) => {
			const remote = kind.connect(verb);
			return {
				...remote,
				find: (target) => remote.find({ ...target, id: String(target.values["name"]) }),
				create: async (inputs) => ({ ...(await remote.create(inputs)), id: `number of ${inputs.name}` }),
			};
		},
	};
}
