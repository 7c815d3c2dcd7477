import fc from "fast-check";
import type { LiveObject, ResourceApi, ResourceType } from "../../../provider/resource/resourceType.ts";
import { asFieldValue, type FieldValue, type Schema } from "../../../provider/resource/schema.ts";
import {
	expectBoolean,
	expectList,
	expectObject,
	expectOneOf,
	expectString,
} from "../../../provider/resource/validators.ts";
import { isUnknown, type Values } from "../../../provider/values.ts";

/** A made-up resource with one input of every kind. */
export interface GadgetInputs {
	name: string;
	place: string;
	seal?: string;
	mode?: "on" | "off";
	note?: string;
	lamp?: { colour?: string; level?: string };
	lock?: { pin?: string; owner?: string };
	labels?: string[];
	adopt?: boolean;
	onDrift?: "reconcile" | "fail";
	keepPin?: boolean;
}

const members = (value: unknown): Values => (typeof value === "object" && value !== null ? { ...value } : {});

function splitLamp(value: unknown, path: string): readonly FieldValue[] {
	return Object.entries(members(value)).flatMap(([name, inner]) =>
		name === "colour"
			? asFieldValue(String(inner).toLowerCase(), `${path}.${name}`)
			: asFieldValue(inner, `${path}.${name}`),
	);
}

/** The pin is a secret: its fingerprint is the pin backwards. */
function splitLock(value: unknown, path: string): readonly FieldValue[] {
	const { pin, owner } = members(value);
	const secret = { path: `${path}.pin`, value: [...String(pin)].reverse().join(""), secret: true } as const;
	return [
		...(pin === undefined ? [] : isUnknown(pin) ? asFieldValue(pin, `${path}.pin`) : [secret]),
		...(owner === undefined ? [] : asFieldValue(owner, `${path}.owner`)),
	];
}

/** The service never returns the seal; its fingerprint is the seal backwards. */
function splitSeal(value: unknown, path: string): readonly FieldValue[] {
	return [{ path, value: [...String(value)].reverse().join(""), secret: true }];
}

export const GADGET_FIELDS: Schema<GadgetInputs> = {
	name: {
		role: "requiresReplace",
		validate: expectString((name) => (name === "" ? "is empty; give it a name" : undefined)),
	},
	place: { role: "requiresReplace", validate: expectString() },
	seal: {
		role: "requiresReplace",
		validate: expectString(),
		splitValue: splitSeal,
		writeOnly: true,
		secret: true,
	},
	mode: { role: "managed", validate: expectOneOf(["on", "off"]) },
	note: { role: "managed", validate: expectString() },
	lamp: {
		role: "managed",
		splitValue: splitLamp,
		validate: expectObject({ colour: expectString(), level: expectString() }),
	},
	lock: {
		role: "managed",
		keepWhenUnset: true,
		splitValue: splitLock,
		validate: expectObject({ pin: expectString(), owner: expectString() }),
	},
	labels: { role: "managed", validate: expectList(expectString(), 2) },
	adopt: { role: "providerOption", validate: expectBoolean() },
	onDrift: { role: "providerOption", validate: expectOneOf(["reconcile", "fail"]) },
	keepPin: { role: "providerOption", validate: expectBoolean() },
};

/** Creates the resource type of gadgets over this API. */
export function createGadgetType(api: ResourceApi<GadgetInputs>): ResourceType<GadgetInputs> {
	return {
		title: "Gadget",
		schema: GADGET_FIELDS,
		defaults: { mode: "on", "lamp.level": "low" },
		normalizeInputs: (inputs) => ({ place: "hall", ...inputs }),
		predictCreated: (inputs) => ({ mode: "on", ...inputs }),
		validators: [],
		getId: ({ name }) => name,
		getLabel: ({ id }) => id,
		messages: {
			conflictAdvice: "otherwise make another one",
			recreatedNote: "its pin is new",
			describeChange: () => "was changed",
		},
		getKey: ({ id, values }) => `${String(values["place"])}/${id}`,
		getUid: ({ incarnation }) => (typeof incarnation === "string" ? incarnation : undefined),
		listLimitedActions: (outputs, inputs) =>
			inputs["mode"] === "off" && outputs["mode"] !== "off" ? ["disable"] : [],
		deleteAction: "delete",
		needsStateUpdate: (outputs, inputs) => (outputs["pin"] !== undefined) !== (inputs["keepPin"] === true),
		toOutputs: toGadgetOutputs,
		fromState: restoreGadget,
		connect: () => api,
	};
}

function toGadgetOutputs({ values, computed, etag, uid }: LiveObject<GadgetInputs>, inputs: Values): Values {
	const { lock, ...shown } = values;
	const { pin, ...rest } = lock ?? {};
	const kept = inputs["keepPin"] === true ? { pin } : {};
	return { ...shown, ...computed, lock: rest, place: inputs["place"], etag, incarnation: uid, ...kept };
}

/** Only outputs with the pin hold all values that a write needs. */
function restoreGadget(outputs: Values): LiveObject<GadgetInputs> | undefined {
	const { name, mode, note, lamp, lock, labels, pin, etag, incarnation } = outputs;
	if (pin === undefined) return undefined;
	const values = { name, mode, note, lamp, lock: { ...members(lock), pin }, labels };
	const present = Object.entries(values).filter(([, value]) => value !== undefined);
	return {
		etag: String(etag),
		uid: String(incarnation),
		values: Object.fromEntries(present) as Partial<GadgetInputs>,
		computed: {},
	};
}

const word = fc.stringMatching(/^[a-zA-Z]{1,6}$/);

/** Inputs of the gadget `a` with some of its properties; none is unknown. */
export const declarations: fc.Arbitrary<Values> = fc
	.record(
		{
			mode: fc.constantFrom("on", "off"),
			note: word,
			lamp: fc.record({ colour: word, level: word }, { requiredKeys: [] }),
			lock: fc.record({ pin: word, owner: word }, { requiredKeys: [] }),
			labels: fc.array(word, { maxLength: 2 }),
		},
		{ requiredKeys: [] },
	)
	.map((rest) => ({ ...rest, name: "a", place: "hall" }));
