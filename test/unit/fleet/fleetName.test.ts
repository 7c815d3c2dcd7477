import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NAME_OUTPUT, ORIGIN_INPUT, PREVIEW_INPUT } from "../../../provider/stateKeys.ts";
import { createGadgetFleet, declareGadgetRow, declareGadgets } from "./gadgetFleet.ts";

const nameFleet = (name: string) => ({ [ORIGIN_INPUT]: `acme/factory/dev/GadgetFleet/${name}` });

describe("the messages of a fleet", () => {
	test("begin with its name in the plan, the progress and the adoption, even after it was removed from the program", async () => {
		const { fleetType, provider, service, warnings, clock } = createGadgetFleet({ concurrency: 1 });
		const inputs = declareGadgets(declareGadgetRow(3), nameFleet("plant"));
		const { id, outs } = await provider.create(inputs);
		assert.equal(outs[NAME_OUTPUT], "GadgetFleet plant");
		service.change("g0", { note: "y" });
		const news = declareGadgets(declareGadgetRow(3, { mode: "off" }), nameFleet("plant"));
		await provider.diff(id, outs, news);
		const { outs: after } = await provider.update(id, outs, news);
		const { props } = await provider.read(id, after);
		Object.assign(fleetType.memberContext.runtime, { now: () => clock.now() });
		await provider.delete(id, props);
		assert.deepEqual(warnings, [
			"GadgetFleet plant: 3 gadgets to change:\n    mode: g0, g1, g2",
			"GadgetFleet plant: 3 gadgets to delete (g0, g1, g2)",
		]);
	});

	test("begin with the fleet's location if state of an earlier release does not have its name", async () => {
		const { provider, warnings } = createGadgetFleet();
		const { id, outs } = await provider.create(declareGadgets(declareGadgetRow(1), nameFleet("plant")));
		const { [NAME_OUTPUT]: _, ...earlier } = outs;
		await provider.delete(id, earlier);
		assert.deepEqual(warnings, ["GadgetFleet hall: 1 gadget to delete (g0)"]);
	});

	test("name all members before the first is deleted, but not again after a change of location has named them", async () => {
		const { provider, service, warnings } = createGadgetFleet();
		const { id, outs } = await provider.create(declareGadgets(declareGadgetRow(2), nameFleet("plant")));
		service.calls.splice(0);
		service.plan("remove", new Error("refused"));
		await assert.rejects(provider.delete(id, outs), /1 of 2 gadgets could not be deleted/);
		assert.deepEqual(warnings.splice(0), ["GadgetFleet plant: 2 gadgets to delete (g0, g1)"]);
		const moved = declareGadgets(declareGadgetRow(1), { ...nameFleet("plant"), place: "attic" });
		await provider.diff(id, outs, moved);
		await provider.check({}, { ...moved, [PREVIEW_INPUT]: true });
		await provider.delete(id, outs);
		assert.deepEqual(warnings, [
			"GadgetFleet plant: place changes from hall to attic: 1 gadget to create (g0), 2 to delete (g0, g1)",
		]);
	});
});

describe("the preview of a new fleet", () => {
	const inputs = declareGadgets(declareGadgetRow(14), nameFleet("plant"));

	test("names the members that it creates, and the update does not repeat them", async () => {
		const { provider, warnings } = createGadgetFleet();
		const { inputs: checked, failures } = await provider.check({}, { ...inputs, [PREVIEW_INPUT]: true });
		assert.deepEqual(failures, []);
		assert.ok(!(PREVIEW_INPUT in checked));
		assert.deepEqual(warnings.splice(0), [
			"GadgetFleet plant: 14 gadgets to create (g0, g1, g2, g3, g4, g5, g6, g7, g8, g9, g10, g11 and 2 more)",
		]);
		const { inputs: checkedInUpdate } = await provider.check({}, inputs);
		assert.deepEqual(checkedInUpdate, checked);
		await provider.create(checkedInUpdate);
		assert.deepEqual(warnings, []);
	});

	test("names no members of an existing fleet, and none if the check fails", async () => {
		const { provider, warnings } = createGadgetFleet();
		await provider.check(inputs, { ...inputs, [PREVIEW_INPUT]: true });
		const wrong = declareGadgets({ g0: { mode: "sideways" } }, { [PREVIEW_INPUT]: true });
		const { failures } = await provider.check({}, wrong);
		assert.equal(failures.length, 1);
		assert.deepEqual(warnings, []);
	});

	test("fails if the sign-in fails, without a request to the service", async () => {
		const { fleetType, provider, service, warnings } = createGadgetFleet();
		const refuse = async (): Promise<never> => Promise.reject(new Error("nobody is signed in"));
		Object.assign(fleetType.memberContext.resourceType, { signIn: refuse });
		const { failures } = await provider.check({}, { ...inputs, [PREVIEW_INPUT]: true });
		assert.deepEqual(failures, [{ property: "", reason: "nobody is signed in" }]);
		const second = declareGadgets({ h1: {} }, { ...nameFleet("second"), [PREVIEW_INPUT]: true });
		assert.deepEqual((await provider.check({}, second)).failures, [], "the first one has told it");
		warnings.length = 0;
		assert.deepEqual((await provider.check({}, inputs)).failures, []);
		assert.deepEqual([...service.calls, ...warnings], []);
	});
});
