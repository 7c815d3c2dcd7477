import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseMembers } from "../../../provider/fleet/declaredMembers.ts";
import { prepareErrorForHost } from "../../../provider/userErrors.ts";
import { Resource } from "../../contract/harness/resource.ts";
import type { Sample, Values } from "../../contract/subject/subject.ts";
import { DEEDS, type Deed } from "../faults/deeds.ts";
import { type Field, GROUNDS, type Ground } from "../faults/ground.ts";
import type { Happening } from "../faults/troubles.ts";
import { createGivenKey, GIVEN } from "./credentials.ts";
import { Ear, repeatRequest } from "./ear.ts";
import { listPrintedForms, Search } from "./search.ts";

const GROUP = createGivenKey("the key of an enrollment group");

/** The origins of a device's keys, with the declarations that each needs besides the sample. */
const ORIGINS: Readonly<Record<string, Values>> = {
	"made by the hub, and rotated": { rotation: { keyType: "primary", generation: 1 } },
	given: { symmetricKey: GIVEN },
	"derived from a group's": { derivedFrom: GROUP },
};

/** Values that are encrypted in state, by the engine or because the program's own values are secrets. */
const ENCRYPTED = new Set([
	"primaryKey",
	"secondaryKey",
	"primaryConnectionString",
	"secondaryConnectionString",
]);
const DECLARED_SECRET = new Set([
	"authentication",
	"devices",
	"derivedFrom",
	"machines",
	"hardwareIdentifier",
]);

/** Adds keys of that origin to the sample: to a single device, or to each device of a fleet. */
function withKeys(sample: Sample, authentication: Values): Sample {
	const declareKeys = (inputs: Values): Values => {
		if ("deviceId" in inputs) return { ...inputs, authentication };
		const { symmetricKey, ...common } = authentication;
		const devices: Record<string, Values> = Object.fromEntries(parseMembers(inputs["devices"]) ?? []);
		const each = ([id, device]: [string, Values]) => [id, { ...device, authentication: { symmetricKey } }];
		const entries = symmetricKey === undefined ? Object.entries(devices) : Object.entries(devices).map(each);
		return { ...inputs, ...common, devices: JSON.stringify(Object.fromEntries(entries)) };
	};
	const { inputs, changed, moved } = sample;
	return {
		...sample,
		inputs: declareKeys(inputs),
		changed: declareKeys(changed),
		moved: { ...moved, inputs: declareKeys(moved.inputs) },
	};
}

const REPEATING: readonly Happening[] = [
	async ({ request }) => repeatRequest(request, 400),
	async ({ request, ask }) => repeatRequest(request, 500, (await ask()).text),
];

/** Plays one operation; returns all texts and plain state that people may see of it, and all its secrets. */
async function playDeed(
	{ start, title }: Ground,
	{
		deed,
		keys,
		nth,
		happen,
	}: { deed: Deed; keys: Values | undefined; nth: number; happen: Happening | undefined },
): Promise<{ texts: string[]; secrets: Set<string>; requests: number; failed: boolean }> {
	const ear = new Ear();
	const started = await start(ear);
	const sample = keys === undefined ? started.sample : withKeys(started.sample, keys);
	const field: Field = Object.create(started, { sample: { value: sample } });
	const resource = new Resource(() => field.connect());
	const texts: string[] = [];
	const hear = (error: unknown) =>
		void texts.push(
			...listPrintedForms(error),
			...listPrintedForms(prepareErrorForHost(error, { typeName: title, storedText: "text" })),
		);
	try {
		await deed.prepare(field, resource);
		ear.wire.forget();
		if (happen !== undefined)
			ear.wire.lay({
				happen,
				from: nth,
				lasts: nth % 2 === 0,
				jump: field.clock.jump.bind(field.clock),
				now: () => field.clock.now(),
			});
		let failed = false;
		await deed.run(field, resource).catch((error: unknown) => {
			failed = true;
			hear(error);
		});
		const requests = ear.wire.count;
		ear.wire.forget();
		texts.push(...field.words.listTexts(), readPlainPart(resource));
		for (const secret of [GROUP, ...field.listSecrets()]) ear.secrets.add(secret);
		return { texts, secrets: ear.secrets, requests, failed };
	} finally {
		await field.close();
	}
}

/** Returns what is readable in a state file without its passphrase, including errors of the last operation. */
function readPlainPart({ state }: Resource): string {
	const isPlain = ([name]: [string, unknown]) => !ENCRYPTED.has(name) && !DECLARED_SECRET.has(name);
	const outputs = Object.fromEntries(Object.entries(state?.outputs ?? {}).filter(isPlain));
	return JSON.stringify([state?.id, outputs, state?.initErrors]);
}

describe("no operation prints a secret, although the service repeats every request:", () => {
	for (const ground of GROUNDS) {
		const hasKeys = ground.title.startsWith("Device");
		for (const [origin, keys] of hasKeys ? Object.entries(ORIGINS) : [["", undefined] as const]) {
			test(`${ground.title}${hasKeys ? ` with keys ${origin}` : ""}`, async () => {
				const search = new Search();
				// Only keys that nobody declares can be rotated, or must be read before a write.
				const isGenerated = keys !== undefined && "rotation" in keys;
				for (const deed of DEEDS.filter(({ needsKeys }) => !needsKeys || isGenerated)) {
					const plain = await playDeed(ground, { deed, keys, nth: 0, happen: undefined });
					assert.equal(plain.failed, deed.refused !== undefined, `${deed.name}: ${plain.texts[0]}`);
					search.assertSilent(deed.name, plain.texts, plain.secrets);
					for (let nth = 1; nth <= plain.requests; nth++) {
						for (const happen of REPEATING) {
							const { texts, secrets } = await playDeed(ground, { deed, keys, nth, happen });
							search.assertSilent(`${deed.name}, request ${nth}`, texts, secrets);
						}
					}
				}
				console.log(`${`${ground.title} ${origin}`.trimEnd()}: ${search.describe()}`);
			});
		}
	}
});
