import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hashResource } from "../../../provider/hiddenInputs.ts";
import type { ResourceType } from "../../../provider/resource/resourceType.ts";
import { AFTER_INPUT, ORIGIN_INPUT, RECORD_OUTPUT } from "../../../provider/stateKeys.ts";
import { UNKNOWN, type Values } from "../../../provider/values.ts";
import { createGadgetType, type GadgetInputs } from "./gadget.ts";
import { createGadgetProvider, declareGadget } from "./gadgetLife.ts";
import type { GadgetService } from "./gadgetService.ts";

const NO_DELETIONS = { delete: { max: 0, setting: "gadget:maxDeletes" } };

/** A gadget that state knows, in a process that has not been told of it. */
async function deployed(
	options: Parameters<typeof createGadgetProvider>[0] = {},
	inputs = declareGadget({ note: "x" }),
) {
	const first = createGadgetProvider(options);
	const olds = await first.deploy(inputs);
	return { ...first, olds };
}

describe("a gadget that two records of a stack know", () => {
	test("stays where one of them ends after the other took it over, and who has it is said", async () => {
		const { life, olds, service, said } = await deployed();
		await life.delete("a", olds);
		const made = await life.create(declareGadget());
		const adopted = { ...olds, [RECORD_OUTPUT]: "another/" };
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
		const { [RECORD_OUTPUT]: _, ...unmarked } = olds;
		await plan(olds, declareGadget({ note: "x" }));
		await life.delete("a", unmarked);
		assert.ok(service.values("a"));
		const again = createGadgetProvider();
		const other = await again.deploy(declareGadget({ note: "x" }));
		const { [RECORD_OUTPUT]: __, ...like } = other;
		await again.plan(like, declareGadget({ note: "x" }));
		await again.life.delete("a", like);
		assert.ok(again.service.values("a"));
	});

	test("is not deleted while another resource declares it that failed to take it over", async () => {
		const { olds, service } = await deployed();
		const { life } = createGadgetProvider({ kind: createGadgetType(service) });
		await life.check({}, declareGadget());
		await assert.rejects(life.create(declareGadget()), { code: "AlreadyExists" });
		await assert.rejects(life.delete("a", olds), {
			code: "HeldElsewhere",
			message: /^Gadget a was not deleted: another resource declares it and has not taken it over yet\./,
		});
		assert.ok(service.values("a"));
	});

	test("is refused to a resource that is checked after a plan gave it up", async () => {
		const { life, plan, olds, said } = await deployed();
		await life.check(declareGadget(), declareGadget({ name: "b" }));
		const { replaces, deleteBeforeReplace } = await plan(olds, declareGadget({ name: "b" }));
		assert.deepEqual({ replaces, deleteBeforeReplace }, { replaces: ["name"], deleteBeforeReplace: true });
		assert.equal(said.at(-1), "Gadget a will be deleted, and Gadget b created in its place: name differs");
		const { failures } = await life.check({}, declareGadget({ adopt: true }));
		assert.match(
			failures[0]?.reason ?? "",
			/gives up a and does not depend on.*\(`dependsOn`\).*\[HeldElsewhere\]$/,
		);
	});

	test("is refused in the same way where the service chooses ids, and not to the resource that it is replaced for", async () => {
		const first = createGadgetProvider();
		const { life } = createGadgetProvider({ kind: choosingIds(createGadgetType(first.service)) });
		const { id, outs } = await life.create(declareGadget({ seal: "one" }));
		assert.deepEqual((await life.diff(id, outs, declareGadget({ seal: "two" }))).replaces, ["seal"]);
		assert.deepEqual((await life.check({}, declareGadget({ seal: "two" }))).failures, []);
		const { life: later } = createGadgetProvider({ kind: choosingIds(createGadgetType(first.service)) });
		await later.check(declareGadget({ seal: "one" }), declareGadget({ name: "b", seal: "one" }));
		assert.deepEqual((await later.diff(id, outs, declareGadget({ name: "b", seal: "one" }))).replaces, [
			"name",
		]);
		const { failures } = await later.check({}, declareGadget({ adopt: true }));
		assert.match(failures[0]?.reason ?? "", /gives up a and does not depend on.*\[HeldElsewhere\]$/);
	});

	test("is handed over by a replacement that is planned after another resource took it", async () => {
		const { life, plan, olds, service, said } = await deployed({ limits: NO_DELETIONS });
		const third = { ...olds, [RECORD_OUTPUT]: "third/" };
		await plan(third, declareGadget({ note: "x" }));
		await plan({ ...olds, [RECORD_OUTPUT]: "first/" }, declareGadget({ name: "b" }));
		assert.equal(
			said.at(-1),
			"Gadget a stays as it is: another resource has it now, so only this record of it ends; Gadget b is created",
		);
		await life.delete("a", { ...olds, [RECORD_OUTPUT]: "first/" });
		assert.ok(service.values("a"));
	});
});

describe("a gadget that is gone for a plan", () => {
	test("is not deleted where the run finds it again, and the next plan compares it", async () => {
		const { life, olds, plan, service } = await deployed();
		service.drop("a");
		const { replaces } = await plan(olds, declareGadget({ note: "x" }));
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
		await plan(olds, declareGadget({ note: "x" }));
		await life.delete("a", olds);
		await life.create(declareGadget({ note: "x" }));
		assert.ok(service.values("a"));
	});
});

describe("a replacement that Pulumi demands", () => {
	test("deletes and creates, under a new mark", async () => {
		const { life, olds, service } = await deployed();
		await life.check(declareGadget({ note: "x" }), declareGadget({ note: "x" }));
		await life.delete("a", olds);
		const { outs } = await life.create(declareGadget({ note: "x" }));
		assert.notEqual(outs[RECORD_OUTPUT], olds[RECORD_OUTPUT]);
		assert.notEqual(outs["incarnation"], olds["incarnation"]);
		assert.ok(service.values("a"));
	});

	test("deletes what a plan of the same run looked at, as `#initerror` and `replaceWith` demand it", async () => {
		const { life, olds, plan, service } = await deployed();
		await life.check(declareGadget({ note: "x" }), declareGadget({ note: "y" }));
		await plan(olds, declareGadget({ note: "y" }));
		await life.check({}, declareGadget({ note: "y" }));
		await life.delete("a", olds);
		const { outs } = await life.create(declareGadget({ note: "y" }));
		assert.notEqual(outs["incarnation"], olds["incarnation"]);
		assert.equal(service.values("a")?.["note"], "y");
	});

	test("that creates before it deletes is told what stands in its way, and not to adopt", async () => {
		const { service } = await deployed();
		const next = createGadgetProvider({ kind: createGadgetType(service) });
		await next.life.check(declareGadget({ note: "x" }), declareGadget({ note: "x" }));
		await assert.rejects(
			next.life.create(declareGadget({ note: "x" })),
			(error: Error & { code?: string }) => {
				assert.equal(error.code, "AlreadyExists");
				assert.match(error.message, /`deleteBeforeReplace: false` or `retainOnDelete: true`/);
				assert.doesNotMatch(error.message, /`adopt: true`/);
				return true;
			},
		);
		assert.ok(service.values("a"));
	});

	test("and that was killed between its halves may adopt what came to be since, for that is not what it deleted", async () => {
		const inputs = declareGadget({ note: "x", [ORIGIN_INPUT]: "org/project/dev/Gadget/one" });
		const { olds, service } = await deployed({}, inputs);
		service.put("a", { note: "x" });
		const next = createGadgetProvider({ kind: createGadgetType(service) });
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
		await assert.rejects(plan(olds, declareGadget({ name: "b" })), { code: "LimitReached" });
		await assert.rejects(life.delete("a", olds), { code: "LimitReached" });
		assert.ok(service.values("a"));
	});

	test("is refused for what could not be created again, by the plan and by a forced deletion", async () => {
		const refusesReplacement = () => "it has no seal.";
		const { olds, plan, life, service } = await deployed({
			kind: { explainNoReplacement: refusesReplacement },
		});
		const refused = { code: "NotReplaceable", message: "Gadget a was not replaced: it has no seal." };
		await assert.rejects(plan(olds, declareGadget({ name: "b" })), refused);
		const next = createGadgetProvider({
			kind: { ...createGadgetType(service), ...byName, explainNoReplacement: refusesReplacement },
		});
		await next.life.check(declareGadget(), declareGadget());
		await assert.rejects(next.life.delete("a", olds), refused);
		assert.ok(service.values("a"));
		await life.delete("a", olds);
		assert.equal(service.values("a"), undefined);
	});
});

/** Gadgets that are known by one key whatever their id, as machines are by their serial number. */
const byName: Partial<ResourceType<GadgetInputs>> = { getKey: ({ values }) => String(values["name"]) };

describe("where what leaves the program is only disabled", () => {
	const disabling = (service: GadgetService): Partial<ResourceType<GadgetInputs>> => ({
		deleteAction: "disable",
		connect: () => ({
			get: (target) => service.get(target),
			getIfChanged: (target, etag, how) => service.getIfChanged(target, etag, how),
			create: (desired) => service.create(desired),
			update: (desired, base) => service.update(desired, base),
			purge: (target, etag) => service.delete(target, etag),
			countsAsDeleted: ({ values }) => values.mode === "off",
			delete: async ({ id }) => service.change(id, { mode: "off" }),
		}),
	});

	test("a gadget that is replaced is deleted, and counts as deleted before anything is sent", async () => {
		const { service, olds } = await deployed();
		const limited = createGadgetProvider({ kind: disabling(service), limits: NO_DELETIONS });
		await limited.life.check(declareGadget(), declareGadget());
		await assert.rejects(limited.life.delete("a", olds), { code: "LimitReached" });
		assert.equal(service.values("a")?.["mode"], "on");
		const next = createGadgetProvider({ kind: disabling(service) });
		await next.life.check(declareGadget(), declareGadget());
		service.plan("remove", "answer lost");
		await next.life.delete("a", olds);
		assert.equal(service.values("a"), undefined);
		await next.life.create(declareGadget());
		assert.equal(service.values("a")?.["mode"], "on");
	});

	test("a gadget that leaves the program, or takes another name, is disabled", async () => {
		const { service, olds } = await deployed();
		const next = createGadgetProvider({ kind: disabling(service), limits: NO_DELETIONS });
		await next.life.check(declareGadget({ note: "x" }), declareGadget({ name: "b" }));
		await next.life.delete("a", olds);
		assert.equal(service.values("a")?.["mode"], "off");
	});
});

describe("a plan that gives up a gadget while another resource's is not known yet", () => {
	const named = (name: string, after = ""): Values => ({
		[ORIGIN_INPUT]: `o/p/s/Gadget/${name}`,
		[AFTER_INPUT]: after,
	});
	const taker = { place: "hall", name: UNKNOWN, adopt: true, ...named("taker") };
	const moved = (after?: string): Values => declareGadget({ name: "b", ...named("giver", after) });
	const warning =
		/^Gadget giver gives up objects, and which objects Gadget taker takes over is not known yet\./;

	test("warns, whichever comes first", async () => {
		const { olds, life, said } = await deployed();
		await life.check(declareGadget(), moved());
		await life.diff("a", olds, moved());
		await life.check({}, taker);
		assert.match(said.at(-1) ?? "", warning);
		const other = createGadgetProvider();
		await other.life.check({}, taker);
		await other.life.check(declareGadget(), moved());
		await other.life.diff("a", olds, moved());
		assert.ok(other.said.some((text) => warning.test(text)));
	});

	test("says nothing where it depends on that resource, or where that one does not adopt", async () => {
		const { olds, life, said } = await deployed();
		await life.check({}, { ...taker, adopt: false });
		await life.check({}, taker);
		const after = hashResource("Gadget", "taker");
		await life.check(declareGadget(), moved(after));
		await life.diff("a", olds, moved(after));
		assert.deepEqual(
			said.filter((text) => warning.test(text)),
			[],
		);
	});
});

describe("limits", () => {
	const limits = { disable: { max: 0, setting: "gadget:maxDisables" } };

	test("count what an adoption changes", async () => {
		const { life, service } = createGadgetProvider({ limits });
		service.put("a", { mode: "on" });
		await assert.rejects(life.create(declareGadget({ mode: "off", adopt: true })), { code: "LimitReached" });
		assert.equal(service.values("a")?.["mode"], "on");
		service.change("a", { mode: "off" });
		await life.create(declareGadget({ mode: "off", adopt: true }));
	});

	test("count nothing and remember no plan where inputs are not known yet", async () => {
		const { plan, redeploy, olds, service } = await deployed({ limits });
		await plan(olds, declareGadget({ note: UNKNOWN, mode: "off" }));
		service.change("a", { labels: ["theirs"] });
		await plan(olds, declareGadget({ note: "y" }));
		const outs: Values = await redeploy(olds, declareGadget({ note: "y" }));
		assert.equal(outs["note"], "y");
	});
});

/** Gadgets of a service that knows them by other ids than their names. */
function choosingIds(kind: ResourceType<GadgetInputs>): ResourceType<GadgetInputs> {
	return {
		...kind,
		getId: () => "",
		getKey: ({ id, values }) => id || String(values["name"]),
		connect: (verb) => {
			const remote = kind.connect(verb);
			return {
				...remote,
				get: (target) => remote.get({ ...target, id: String(target.values["name"]) }),
				create: async (inputs) => ({ ...(await remote.create(inputs)), id: `number of ${inputs.name}` }),
			};
		},
	};
}
