import assert from "node:assert/strict";
import { test } from "node:test";
import { createGadgetFleet, declareGadgets } from "./gadgetFleet.ts";

async function listReasons(inputs: Parameters<typeof declareGadgets>): Promise<string[]> {
	const { failures } = await createGadgetFleet().provider.check({}, declareGadgets(...inputs));
	return failures.map(({ reason }) => reason);
}

test("a misspelt property of a fleet is refused with the suggested name", async () => {
	assert.deepEqual(await listReasons([{ a: {} }, { adpot: true, ondrift: "fail" }]), [
		'GadgetFleet has no property "adpot". Did you mean "adopt"?',
		'GadgetFleet has no property "ondrift". Did you mean "onDrift"?',
	]);
});

test("a property that resembles no property of a fleet is refused with a list of all", async () => {
	assert.deepEqual(await listReasons([{ a: {} }, { colour: "red" }]), [
		'GadgetFleet has no property "colour". It has: gadgets, place, adopt, onDrift.',
	]);
});

test("a misspelt property or value of a member is refused with the suggested one", async () => {
	assert.deepEqual(
		await listReasons([{ a: { notes: "x" }, b: { mode: "offf" }, c: { lamp: { levle: "1" } } }]),
		[
			'a: Gadget has no property "notes". Did you mean "note"?',
			'b: mode must be "on" or "off", got "offf" (did you mean "off"?).',
			'c: lamp.levle does not exist; lamp has colour, level (did you mean "level"?).',
		],
	);
});
