import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hashResource } from "../../../provider/hiddenInputs.ts";
import { ResponseLost } from "../../../provider/resource/errors.ts";
import type { ResourceType } from "../../../provider/resource/resourceType.ts";
import { AFTER_INPUT, ORIGIN_INPUT, RECORD_OUTPUT } from "../../../provider/stateKeys.ts";
import { UNKNOWN, type Values } from "../../../provider/values.ts";
import { createGadgetType, type GadgetInputs } from "./gadget.ts";
import { createGadgetProvider, declareGadget } from "./gadgetProvider.ts";
import type { GadgetService } from "./gadgetService.ts";

const NO_DELETIONS = { delete: { max: 0, setting: "gadget:maxDeletes" } };

/** Returns a gadget in state, and a process that has not compared it yet. */
async function deployed(
	options: Parameters<typeof createGadgetProvider>[0] = {},
	inputs = declareGadget({ note: "x" }),
) {
	const first = createGadgetProvider(options);
	const olds = await first.deploy(inputs);
	return { ...first, olds };
}

describe("a gadget that two records of a stack hold", () => {
	test("stays if one of them ends after the other adopted it, and a message names the holder", async () => {
		const { provider, olds, service, warnings } = await deployed();
		await provider.delete("a", olds);
		const made = await provider.create(declareGadget());
		const adopted = { ...olds, [RECORD_OUTPUT]: "another/" };
		await provider.delete("a", adopted);
		assert.ok(service.values("a"));
		assert.equal(
			warnings.at(-1),
			"Gadget a stays as it is: another resource has it now, so only this record is removed from state",
		);
		await provider.delete("a", made.outs);
		assert.equal(service.values("a"), undefined);
	});

	test("stays if a plan compared the other one, whichever of them has a mark", async () => {
		const { provider, olds, plan, service } = await deployed();
		const { [RECORD_OUTPUT]: _, ...unmarked } = olds;
		await plan(olds, declareGadget({ note: "x" }));
		await provider.delete("a", unmarked);
		assert.ok(service.values("a"));
		const again = createGadgetProvider();
		const other = await again.deploy(declareGadget({ note: "x" }));
		const { [RECORD_OUTPUT]: __, ...like } = other;
		await again.plan(like, declareGadget({ note: "x" }));
		await again.provider.delete("a", like);
		assert.ok(again.service.values("a"));
	});

	test("is not deleted while another resource declares it that failed to adopt it", async () => {
		const { olds, service } = await deployed();
		const { provider } = createGadgetProvider({ resourceType: createGadgetType(service) });
		await provider.check({}, declareGadget());
		await assert.rejects(provider.create(declareGadget()), { code: "AlreadyExists" });
		await assert.rejects(provider.delete("a", olds), {
			code: "HeldElsewhere",
			message: /^Gadget a was not deleted: another resource declares it and has not taken it over yet\./,
		});
		assert.ok(service.values("a"));
	});

	test("is refused to a resource that is checked after a plan deleted it", async () => {
		const { provider, plan, olds, warnings } = await deployed();
		await provider.check(declareGadget(), declareGadget({ name: "b" }));
		const { replaces, deleteBeforeReplace } = await plan(olds, declareGadget({ name: "b" }));
		assert.deepEqual({ replaces, deleteBeforeReplace }, { replaces: ["name"], deleteBeforeReplace: true });
		assert.equal(
			warnings.at(-1),
			"Gadget a will be deleted, and Gadget b created in its place: name differs",
		);
		const { failures } = await provider.check({}, declareGadget({ adopt: true }));
		assert.match(
			failures[0]?.reason ?? "",
			/gives up a and does not depend on.*\(`dependsOn`\).*\[HeldElsewhere\]$/,
		);
	});

	test("is refused in the same way if the service assigns ids, but not to the resource that replaces it", async () => {
		const first = createGadgetProvider();
		const { provider } = createGadgetProvider({ resourceType: choosingIds(createGadgetType(first.service)) });
		const { id, outs } = await provider.create(declareGadget({ seal: "one" }));
		assert.deepEqual((await provider.diff(id, outs, declareGadget({ seal: "two" }))).replaces, ["seal"]);
		assert.deepEqual((await provider.check({}, declareGadget({ seal: "two" }))).failures, []);
		const { provider: later } = createGadgetProvider({
			resourceType: choosingIds(createGadgetType(first.service)),
		});
		await later.check(declareGadget({ seal: "one" }), declareGadget({ name: "b", seal: "one" }));
		assert.deepEqual((await later.diff(id, outs, declareGadget({ name: "b", seal: "one" }))).replaces, [
			"name",
		]);
		const { failures } = await later.check({}, declareGadget({ adopt: true }));
		assert.match(failures[0]?.reason ?? "", /gives up a and does not depend on.*\[HeldElsewhere\]$/);
	});

	test("is left to another resource by a replacement that is planned after it was adopted", async () => {
		const { provider, plan, olds, service, warnings } = await deployed({ limits: NO_DELETIONS });
		const third = { ...olds, [RECORD_OUTPUT]: "third/" };
		await plan(third, declareGadget({ note: "x" }));
		await plan({ ...olds, [RECORD_OUTPUT]: "first/" }, declareGadget({ name: "b" }));
		assert.equal(
			warnings.at(-1),
			"Gadget a stays as it is: another resource has it now, so only this record is removed from state; Gadget b is created",
		);
		await provider.delete("a", { ...olds, [RECORD_OUTPUT]: "first/" });
		assert.ok(service.values("a"));
	});
});

describe("a gadget that a plan found missing", () => {
	test("is not deleted if the run finds it again, and the next plan compares it", async () => {
		const { provider, olds, plan, service } = await deployed();
		service.drop("a");
		const { replaces } = await plan(olds, declareGadget({ note: "x" }));
		assert.deepEqual(replaces, ["name"]);
		service.put("a", { note: "x" });
		service.calls.length = 0;
		await assert.rejects(provider.delete("a", olds), { code: "RecreatedElsewhere", message: /found none/ });
		assert.deepEqual(service.calls, ["find a"]);
		assert.ok(service.values("a"));
	});

	test("does not count as a deletion if it is created again", async () => {
		const { provider, olds, plan, service } = await deployed({ limits: NO_DELETIONS });
		service.drop("a");
		await plan(olds, declareGadget({ note: "x" }));
		await provider.delete("a", olds);
		await provider.create(declareGadget({ note: "x" }));
		assert.ok(service.values("a"));
	});
});

describe("a replacement that Pulumi demands", () => {
	test("deletes and creates, under a new mark", async () => {
		const { provider, olds, service } = await deployed();
		await provider.check(declareGadget({ note: "x" }), declareGadget({ note: "x" }));
		await provider.delete("a", olds);
		const { outs } = await provider.create(declareGadget({ note: "x" }));
		assert.notEqual(outs[RECORD_OUTPUT], olds[RECORD_OUTPUT]);
		assert.notEqual(outs["incarnation"], olds["incarnation"]);
		assert.ok(service.values("a"));
	});

	test("deletes a gadget that a plan of the same run compared, as `#initerror` and `replaceWith` demand", async () => {
		const { provider, olds, plan, service } = await deployed();
		await provider.check(declareGadget({ note: "x" }), declareGadget({ note: "y" }));
		await plan(olds, declareGadget({ note: "y" }));
		await provider.check({}, declareGadget({ note: "y" }));
		await provider.delete("a", olds);
		const { outs } = await provider.create(declareGadget({ note: "y" }));
		assert.notEqual(outs["incarnation"], olds["incarnation"]);
		assert.equal(service.values("a")?.["note"], "y");
	});

	test("that creates before it deletes fails with advice other than to adopt", async () => {
		const { service } = await deployed();
		const next = createGadgetProvider({ resourceType: createGadgetType(service) });
		await next.provider.check(declareGadget({ note: "x" }), declareGadget({ note: "x" }));
		await assert.rejects(
			next.provider.create(declareGadget({ note: "x" })),
			(error: Error & { code?: string }) => {
				assert.equal(error.code, "AlreadyExists");
				assert.match(error.message, /`deleteBeforeReplace: false` or `retainOnDelete: true`/);
				assert.doesNotMatch(error.message, /`adopt: true`/);
				return true;
			},
		);
		assert.ok(service.values("a"));
	});

	test("that was killed between deletion and creation may adopt a gadget that was created since", async () => {
		const inputs = declareGadget({ note: "x", [ORIGIN_INPUT]: "org/project/dev/Gadget/one" });
		const { olds, service } = await deployed({}, inputs);
		service.put("a", { note: "x" });
		const next = createGadgetProvider({ resourceType: createGadgetType(service) });
		await next.provider.check(inputs, inputs);
		await next.plan(olds, inputs);
		await next.provider.check({}, inputs);
		await assert.rejects(next.provider.create(inputs), {
			code: "AlreadyExists",
			message: /To adopt it with the declared values, set `adopt: true` on it/,
		});
		const { outs } = await next.provider.create({ ...inputs, adopt: true });
		assert.notEqual(outs["incarnation"], olds["incarnation"]);
		assert.deepEqual(await next.provider.delete("a", olds), undefined);
		assert.ok(service.values("a"));
	});

	test("is counted and announced if the inputs demand it", async () => {
		const { olds, plan, provider, service } = await deployed({ limits: NO_DELETIONS });
		await assert.rejects(plan(olds, declareGadget({ name: "b" })), { code: "LimitReached" });
		await assert.rejects(provider.delete("a", olds), { code: "LimitReached" });
		assert.ok(service.values("a"));
	});

	test("is refused for a gadget that could not be created again, by the plan and by a forced deletion", async () => {
		const refusesReplacement = () => "it has no seal.";
		const { olds, plan, provider, service } = await deployed({
			resourceType: { explainNoReplacement: refusesReplacement },
		});
		const refused = { code: "NotReplaceable", message: "Gadget a was not replaced: it has no seal." };
		await assert.rejects(plan(olds, declareGadget({ name: "b" })), refused);
		const next = createGadgetProvider({
			resourceType: { ...createGadgetType(service), ...byName, explainNoReplacement: refusesReplacement },
		});
		await next.provider.check(declareGadget(), declareGadget());
		await assert.rejects(next.provider.delete("a", olds), refused);
		assert.ok(service.values("a"));
		await provider.delete("a", olds);
		assert.equal(service.values("a"), undefined);
	});
});

/** A resource type whose objects have one key whatever their id, as machines have their serial number. */
const byName: Partial<ResourceType<GadgetInputs>> = { getKey: ({ values }) => String(values["name"]) };

describe("if deletions only disable", () => {
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
		const limited = createGadgetProvider({ resourceType: disabling(service), limits: NO_DELETIONS });
		await limited.provider.check(declareGadget(), declareGadget());
		await assert.rejects(limited.provider.delete("a", olds), { code: "LimitReached" });
		assert.equal(service.values("a")?.["mode"], "on");
		const next = createGadgetProvider({ resourceType: disabling(service) });
		await next.provider.check(declareGadget(), declareGadget());
		service.plan("remove", "answer lost");
		await next.provider.delete("a", olds);
		assert.equal(service.values("a"), undefined);
		await next.provider.create(declareGadget());
		assert.equal(service.values("a")?.["mode"], "on");
	});

	test("a gadget that leaves the program, or takes another name, is disabled", async () => {
		const { service, olds } = await deployed();
		const next = createGadgetProvider({ resourceType: disabling(service), limits: NO_DELETIONS });
		await next.provider.check(declareGadget({ note: "x" }), declareGadget({ name: "b" }));
		await next.provider.delete("a", olds);
		assert.equal(service.values("a")?.["mode"], "off");
	});
});

test("a gadget of a service that assigns ids is not taken for created because a similar one exists", async () => {
	const { service } = createGadgetProvider();
	service.put("a", { note: "theirs" });
	const base = choosingIds(createGadgetType(service));
	let lostResponses = 0;
	const { provider } = createGadgetProvider({
		resourceType: {
			...base,
			connect: (operation) => ({
				...base.connect(operation),
				create: async () => {
					if (lostResponses++ < 2) throw new ResponseLost(new Error("the answer was lost"), 1_000);
					return { id: "number of another", etag: "e2", values: { name: "a", place: "hall" }, computed: {} };
				},
			}),
		},
	});
	assert.equal((await provider.create(declareGadget({ note: "x" }))).id, "number of another");
	assert.equal(service.values("a")?.["note"], "theirs");
});

describe("a plan that deletes a gadget while another resource's gadget is not known yet", () => {
	const named = (name: string, after = ""): Values => ({
		[ORIGIN_INPUT]: `o/p/s/Gadget/${name}`,
		[AFTER_INPUT]: after,
	});
	const taker = { place: "hall", name: UNKNOWN, adopt: true, ...named("taker") };
	const moved = (after?: string): Values => declareGadget({ name: "b", ...named("giver", after) });
	const warning =
		/^Gadget giver gives up objects, and the objects that Gadget taker adopts are not known yet\./;

	test("warns, whichever comes first", async () => {
		const { olds, provider, warnings } = await deployed();
		await provider.check(declareGadget(), moved());
		await provider.diff("a", olds, moved());
		await provider.check({}, taker);
		assert.match(warnings.at(-1) ?? "", warning);
		const other = createGadgetProvider();
		await other.provider.check({}, taker);
		await other.provider.check(declareGadget(), moved());
		await other.provider.diff("a", olds, moved());
		assert.ok(other.warnings.some((text) => warning.test(text)));
	});

	test("does not warn if it depends on that resource, or if that one does not adopt", async () => {
		const { olds, provider, warnings } = await deployed();
		await provider.check({}, { ...taker, adopt: false });
		await provider.check({}, taker);
		const after = hashResource("Gadget", "taker");
		await provider.check(declareGadget(), moved(after));
		await provider.diff("a", olds, moved(after));
		assert.deepEqual(
			warnings.filter((text) => warning.test(text)),
			[],
		);
	});
});

describe("limits", () => {
	const limits = { disable: { max: 0, setting: "gadget:maxDisables" } };

	test("count what an adoption changes", async () => {
		const { provider, service } = createGadgetProvider({ limits });
		service.put("a", { mode: "on" });
		await assert.rejects(provider.create(declareGadget({ mode: "off", adopt: true })), {
			code: "LimitReached",
		});
		assert.equal(service.values("a")?.["mode"], "on");
		service.change("a", { mode: "off" });
		await provider.create(declareGadget({ mode: "off", adopt: true }));
	});

	test("count nothing, and no plan is cached, while inputs are unknown", async () => {
		const { plan, redeploy, olds, service } = await deployed({ limits });
		await plan(olds, declareGadget({ note: UNKNOWN, mode: "off" }));
		service.change("a", { labels: ["theirs"] });
		await plan(olds, declareGadget({ note: "y" }));
		const outs: Values = await redeploy(olds, declareGadget({ note: "y" }));
		assert.equal(outs["note"], "y");
	});
});

/** Returns the resource type of a service that assigns ids. */
function choosingIds(resourceType: ResourceType<GadgetInputs>): ResourceType<GadgetInputs> {
	return {
		...resourceType,
		getId: () => "",
		getKey: ({ id, values }) => id || String(values["name"]),
		connect: (verb) => {
			const remote = resourceType.connect(verb);
			return {
				...remote,
				get: (target) => remote.get({ ...target, id: String(target.values["name"]) }),
				create: async (inputs, claimId) => ({
					...(await remote.create(inputs, claimId)),
					id: `number of ${inputs.name}`,
				}),
			};
		},
	};
}
