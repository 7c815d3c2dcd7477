import { single } from "../../../provider/lifecycle/facets.ts";
import type { Facet, Fields, Kind, Live, Remote, Values } from "../../../provider/lifecycle/kind.ts";
import { flag, listOf, objectOf, oneOf, text } from "../../../provider/lifecycle/rules.ts";
import { isUnknown } from "../../../provider/lifecycle/unknown.ts";

/** A made-up thing with one input of every sort that the lifecycle tells apart. */
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

function lampFacets(value: unknown, path: string): readonly Facet[] {
	return Object.entries(members(value)).flatMap(([name, inner]) =>
		name === "colour"
			? single(String(inner).toLowerCase(), `${path}.${name}`)
			: single(inner, `${path}.${name}`),
	);
}

/** The pin is a secret: facets have it backwards. */
function lockFacets(value: unknown, path: string): readonly Facet[] {
	const { pin, owner } = members(value);
	const secret = { path: `${path}.pin`, value: [...String(pin)].reverse().join(""), secret: true } as const;
	return [
		...(pin === undefined ? [] : isUnknown(pin) ? single(pin, `${path}.pin`) : [secret]),
		...(owner === undefined ? [] : single(owner, `${path}.owner`)),
	];
}

/** Nobody sees the seal again; its facet has it backwards. */
function sealFacets(value: unknown, path: string): readonly Facet[] {
	return [{ path, value: [...String(value)].reverse().join(""), secret: true }];
}

export const GADGET_FIELDS: Fields<GadgetInputs> = {
	name: { role: "identity", rule: text((name) => (name === "" ? "is empty; give it a name" : undefined)) },
	place: { role: "identity", rule: text() },
	seal: { role: "identity", rule: text(), facets: sealFacets, remembered: true, secret: true },
	mode: { role: "managed", rule: oneOf(["on", "off"]) },
	note: { role: "managed", rule: text() },
	lamp: { role: "managed", facets: lampFacets, rule: objectOf({ colour: text(), level: text() }) },
	lock: { role: "managed", kept: true, facets: lockFacets, rule: objectOf({ pin: text(), owner: text() }) },
	labels: { role: "managed", rule: listOf(text(), 2) },
	adopt: { role: "policy", rule: flag() },
	onDrift: { role: "policy", rule: oneOf(["reconcile", "fail"]) },
	keepPin: { role: "policy", rule: flag() },
};

/** Gadgets, with whatever remote they are given. */
export function gadgetKind(remote: Remote<GadgetInputs>): Kind<GadgetInputs> {
	return {
		title: "Gadget",
		fields: GADGET_FIELDS,
		defaults: { mode: "on", "lamp.level": "low" },
		complete: (inputs) => ({ place: "hall", ...inputs }),
		tidy: (desired) => desired,
		created: (inputs) => ({ mode: "on", ...inputs }),
		rules: [],
		id: ({ name }) => name,
		label: ({ id }) => id,
		words: {
			instead: "otherwise make another one",
			reborn: "its pin is new",
			changed: () => "was changed",
			noticed: () => undefined,
		},
		key: ({ id, values }) => `${String(values["place"])}/${id}`,
		bornAt: () => undefined,
		incarnation: ({ incarnation }) => (typeof incarnation === "string" ? incarnation : undefined),
		risks: (outputs, inputs) => (inputs["mode"] === "off" && outputs["mode"] !== "off" ? ["disable"] : []),
		removal: "delete",
		stale: (outputs, inputs) => (outputs["pin"] !== undefined) !== (inputs["keepPin"] === true),
		outputs: gadgetOutputs,
		recall,
		connect: () => remote,
	};
}

function gadgetOutputs({ values, facts, etag, incarnation }: Live<GadgetInputs>, inputs: Values): Values {
	const { lock, ...shown } = values;
	const { pin, ...rest } = lock ?? {};
	const kept = inputs["keepPin"] === true ? { pin } : {};
	return { ...shown, ...facts, lock: rest, place: inputs["place"], etag, incarnation, ...kept };
}

/** Only outputs that hold the pin hold all that a write needs. */
function recall(outputs: Values): Live<GadgetInputs> | undefined {
	const { name, mode, note, lamp, lock, labels, pin, etag, incarnation } = outputs;
	if (pin === undefined) return undefined;
	const values = { name, mode, note, lamp, lock: { ...members(lock), pin }, labels };
	const present = Object.entries(values).filter(([, value]) => value !== undefined);
	return {
		etag: String(etag),
		incarnation: String(incarnation),
		values: Object.fromEntries(present) as Partial<GadgetInputs>,
		facts: {},
	};
}
