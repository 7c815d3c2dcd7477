import assert from "node:assert/strict";
import { test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { failCheck } from "../../../provider/resource/validators.ts";
import { createGadgetProvider } from "./gadgetLife.ts";

test("inputs are completed, and nothing is sent", async () => {
	const { life, service } = createGadgetProvider();
	assert.deepEqual(await life.check({}, { name: "a", note: "x" }), {
		inputs: { name: "a", place: "hall", note: "x" },
		failures: [],
	});
	assert.deepEqual(service.calls, []);
});

test("null means the same as leaving a property out", async () => {
	const { inputs } = await createGadgetProvider().life.check(
		{},
		{ name: "a", note: null, lamp: { colour: null } },
	);
	assert.deepEqual(inputs, { name: "a", place: "hall", lamp: {} });
});

test("every fault is reported at once, with its property", async () => {
	const { failures } = await createGadgetProvider().life.check(
		{},
		{ name: "", mode: "broken", lamp: { size: "x" } },
	);
	assert.deepEqual(failures, [
		{ property: "name", reason: "name is empty; give it a name." },
		{ property: "mode", reason: 'mode is "broken"; it takes "on" or "off".' },
		{ property: "lamp.size", reason: "lamp.size does not exist; lamp has colour, level." },
	]);
});

test("a rule over several inputs reports like one over a single input", async () => {
	const { life } = createGadgetProvider({
		kind: { validators: [() => failCheck("lamp", "does not go with that")] },
	});
	assert.deepEqual((await life.check({}, { name: "a" })).failures, [
		{ property: "lamp", reason: "lamp does not go with that." },
	]);
});

test("a property in another case is refused with the name that was meant", async () => {
	const { failures } = await createGadgetProvider().life.check({}, { name: "a", Note: "x", keeppin: true });
	assert.deepEqual(failures, [
		{ property: "Note", reason: 'Gadget has no property "Note". Did you mean "note"?' },
		{ property: "keeppin", reason: 'Gadget has no property "keeppin". Did you mean "keepPin"?' },
	]);
});

test("a misspelt property is refused with the nearest name, at every depth", async () => {
	const { failures } = await createGadgetProvider().life.check(
		{},
		{ name: "a", mdoe: "on", noet: "x", lamp: { color: "red" } },
	);
	assert.deepEqual(failures, [
		{ property: "mdoe", reason: 'Gadget has no property "mdoe". Did you mean "mode"?' },
		{ property: "noet", reason: 'Gadget has no property "noet". Did you mean "note"?' },
		{
			property: "lamp.color",
			reason: 'lamp.color does not exist; lamp has colour, level (did you mean "colour"?).',
		},
	]);
});

test("a misspelt value of an enumeration is refused with the nearest one", async () => {
	const { failures } = await createGadgetProvider().life.check(
		{},
		{ name: "a", mode: "offf", onDrift: "Reconsile" },
	);
	assert.deepEqual(failures, [
		{ property: "mode", reason: 'mode is "offf"; it takes "on" or "off" (did you mean "off"?).' },
		{
			property: "onDrift",
			reason: 'onDrift is "Reconsile"; it takes "reconcile" or "fail" (did you mean "reconcile"?).',
		},
	]);
});

test("a property that does not exist is refused with all that do", async () => {
	const { failures } = await createGadgetProvider().life.check({}, { name: "a", constructor: "x" });
	assert.deepEqual(failures, [
		{
			property: "constructor",
			reason:
				'Gadget has no property "constructor". It has: name, place, seal, mode, note, lamp, lock, labels, adopt, onDrift, keepPin.',
		},
	]);
});

test("unknown values pass, and stay in the inputs", async () => {
	const news = {
		name: unknownValue,
		mode: unknownValue,
		lamp: { colour: unknownValue },
		labels: [unknownValue],
	};
	const { inputs, failures } = await createGadgetProvider().life.check({}, news);
	assert.deepEqual(failures, []);
	assert.deepEqual(inputs, { place: "hall", ...news });
});

test("a fault of a secret is told without its property, whose value Pulumi would print", async () => {
	const { failures } = await createGadgetProvider().life.check({}, { name: "a", seal: 7, lock: { pin: 1 } });
	assert.deepEqual(failures, [
		{ property: "", reason: "seal is 7; it takes a text." },
		{ property: "lock.pin", reason: "lock.pin is 1; it takes a text." },
	]);
});
