import type { Resource } from "../../contract/harness/resource.ts";
import type { Sample, StageKeys, Values } from "../../contract/subject/subject.ts";
import type { Field } from "./ground.ts";

/** An operation during which a fault may occur, and the expected result once everything has settled. */
export interface Deed {
	readonly name: string;
	/** Brings service and state to the starting point of the operation. No fault occurs yet. */
	prepare(field: Field, resource: Resource): Promise<void>;
	/** Runs the operation in a process of its own. */
	run(field: Field, resource: Resource): Promise<unknown>;
	/** The inputs that the program declares in the next run, or undefined if the stack is to be destroyed. */
	declared(sample: Sample, keys?: StageKeys): Values | undefined;
	/** The final value of the sample's field, or undefined if the object does not exist in the end. */
	ends(sample: Sample): string | undefined;
	/** The number of objects in the end, given the number of objects of the sample. */
	count(size: number): number;
	/** Set if the operation must be rejected in any case because the object belongs to somebody else. */
	readonly refused?: RegExp;
	/** Whether the operation is only possible where objects have keys. */
	readonly needsKeys?: true;
	/** Whether the operation is only played with a resource of one object. */
	readonly isSingle?: true;
	/** Whether the operation gives the objects that exist before it a new secondary key, once. */
	readonly rotates?: true;
}

const kept = {
	declared: ({ inputs }: Sample) => inputs,
	ends: ({ values }: Sample) => values.declared,
	count: (size: number) => size,
};
const changed = { ...kept, declared: (sample: Sample) => sample.changed, ends: getChangedValue };
const gone = { declared: () => undefined, ends: () => undefined, count: () => 0 };

/** The error for an object whose keys the service does not return. */
const UNREADABLE_KEYS = /without its symmetric keys|in which device "[^"]*" has no keys/;

function declareRotatingAdoption({ changed: inputs }: Sample, keys: StageKeys | undefined): Values {
	return { ...inputs, adopt: true, ...keys?.rotation };
}

/** Every operation of a resource's life, and the plans and refreshes between them. */
export const DEEDS: readonly Deed[] = [
	{
		...kept,
		name: "create",
		prepare: prepareNothing,
		run: ({ sample }, resource) => resource.up(sample.inputs),
	},
	{
		...kept,
		name: "unchanged plan",
		prepare: prepareDeployed,
		run: ({ sample }, resource) => resource.plan(sample.inputs),
	},
	{
		...changed,
		name: "plan of a change",
		prepare: prepareDeployed,
		run: ({ sample }, resource) => resource.plan(sample.changed),
	},
	{
		...kept,
		name: "plan of drift",
		prepare: prepareSeized,
		run: ({ sample }, resource) => resource.plan(sample.inputs),
	},
	{
		...changed,
		name: "update",
		prepare: prepareDeployed,
		run: ({ sample }, resource) => resource.up(sample.changed),
	},
	{
		...kept,
		name: "update that puts drift back",
		prepare: prepareSeized,
		run: ({ sample }, resource) => resource.up(sample.inputs),
	},
	{ ...kept, name: "refresh", prepare: prepareDeployed, run: (_field, resource) => resource.refresh() },
	{
		...kept,
		name: "refresh of drift",
		prepare: prepareSeized,
		run: (_field, resource) => resource.refresh(),
	},
	{
		...kept,
		name: "refresh of a deleted object",
		prepare: prepareVanished,
		run: (_field, resource) => resource.refresh(),
	},
	{
		...kept,
		name: "update of a deleted object",
		prepare: prepareVanished,
		run: ({ sample }, resource) => resource.up(sample.inputs),
	},
	{ ...gone, name: "delete", prepare: prepareDeployed, run: (_field, resource) => resource.destroy() },
	{
		...gone,
		name: "delete of a deleted object",
		prepare: prepareVanished,
		run: (_field, resource) => resource.destroy(),
	},
	{
		...changed,
		name: "adoption",
		declared: (sample) => ({ ...sample.changed, adopt: true }),
		prepare: prepareForeign,
		run: ({ sample }, resource) => resource.up({ ...sample.changed, adopt: true }),
	},
	{
		...changed,
		name: "adoption with a rotation of the keys",
		needsKeys: true,
		rotates: true,
		declared: (sample, keys) => declareRotatingAdoption(sample, keys),
		prepare: prepareForeign,
		run: ({ sample, keys }, resource) => resource.up(declareRotatingAdoption(sample, keys)),
	},
	{
		...changed,
		name: "update with a rotation of the keys",
		needsKeys: true,
		rotates: true,
		declared: (sample, keys) => ({ ...sample.changed, ...keys?.rotation }),
		prepare: prepareDeployed,
		run: ({ sample, keys }, resource) => resource.up({ ...sample.changed, ...keys?.rotation }),
	},
	{
		...changed,
		name: "update of an object whose keys cannot be read",
		ends: ({ values }) => values.declared,
		needsKeys: true,
		prepare: async (field, resource) => {
			await prepareDeployed(field, resource);
			field.elsewhere.rewrite();
			field.keys?.withhold();
		},
		run: ({ sample }, resource) => resource.up(sample.changed),
		refused: UNREADABLE_KEYS,
	},
	{
		...changed,
		name: "adoption of an object whose keys cannot be read",
		// A fleet also creates objects, and without their keys it cannot prove after a lost response that it did.
		isSingle: true,
		ends: ({ values }) => values.declared,
		needsKeys: true,
		prepare: async (field) => {
			field.elsewhere.make();
			field.keys?.withhold();
		},
		declared: (sample, keys) => declareRotatingAdoption(sample, keys),
		run: ({ sample, keys }, resource) => resource.up(declareRotatingAdoption(sample, keys)),
		refused: UNREADABLE_KEYS,
	},
	{
		...kept,
		name: "replacement",
		ends: () => undefined,
		declared: ({ moved }) => moved.inputs,
		prepare: prepareDeployed,
		run: ({ sample }, resource) => resource.up(sample.moved.inputs),
	},
	{
		...kept,
		name: "create of an object of somebody else",
		ends: ({ values }) => values.foreign,
		prepare: async (field) => {
			field.elsewhere.make();
			field.elsewhere.change(field.sample.values.foreign);
		},
		run: ({ sample }, resource) => resource.up(sample.inputs),
		refused: /exists already and was left as it is/,
	},
	{
		...kept,
		name: "delete of an object that somebody else changed",
		declared: () => undefined,
		ends: ({ values }) => values.foreign,
		count: () => 1,
		prepare: prepareSeized,
		run: (_field, resource) => resource.destroy(),
		refused: /was not deleted: somebody changed it/,
	},
	...listIgnoringDeeds(),
];

/** The operations of a resource whose field is ignored: what others set there stays, and a creation writes what is declared. */
function listIgnoringDeeds(): readonly Deed[] {
	const ignoring = (prepare: Deed["prepare"]): Deed["prepare"] => {
		return async (field, resource) => {
			resource.ignoring = [field.sample.ignored];
			await prepare(field, resource);
		};
	};
	const foreign = { ...kept, ends: ({ values }: Sample) => values.foreign };
	return [
		{
			...kept,
			name: "create with an ignored field",
			prepare: ignoring(prepareNothing),
			run: ({ sample }, resource) => resource.up(sample.inputs),
		},
		{
			...foreign,
			name: "refresh of drift of an ignored field",
			prepare: ignoring(prepareSeized),
			run: (_field, resource) => resource.refresh(),
		},
		{
			...foreign,
			name: "update beside an ignored field that drifted",
			declared: ({ other }) => other.inputs,
			prepare: ignoring(prepareSeized),
			run: ({ sample }, resource) => resource.up(sample.other.inputs),
		},
		{
			...foreign,
			name: "update that begins to ignore a field that drifted",
			prepare: async (field, resource) => {
				await prepareSeized(field, resource);
				resource.ignoring = [field.sample.ignored];
			},
			run: ({ sample }, resource) => resource.up(sample.changed),
		},
		{
			...foreign,
			name: "adoption with an ignored field",
			declared: ({ inputs }) => ({ ...inputs, adopt: true }),
			prepare: ignoring(async (field) => {
				field.elsewhere.make();
				field.elsewhere.change(field.sample.values.foreign);
			}),
			run: ({ sample }, resource) => resource.up({ ...sample.inputs, adopt: true }),
		},
		{
			...gone,
			name: "delete of an object whose ignored field drifted",
			prepare: ignoring(prepareSeized),
			run: (_field, resource) => resource.destroy(),
		},
	];
}

function getChangedValue({ values }: Sample): string {
	return values.changed;
}

async function prepareNothing(): Promise<void> {}

async function prepareDeployed({ sample }: Field, resource: Resource): Promise<void> {
	await resource.up(sample.inputs);
}

/** Deploys the object and lets somebody else change it. */
async function prepareSeized(field: Field, resource: Resource): Promise<void> {
	await prepareDeployed(field, resource);
	field.elsewhere.change(field.sample.values.foreign);
}

/** Deploys the object and lets somebody else delete it. */
async function prepareVanished(field: Field, resource: Resource): Promise<void> {
	await prepareDeployed(field, resource);
	field.elsewhere.remove();
}

/** Lets somebody else create the object. */
async function prepareForeign({ elsewhere }: Field): Promise<void> {
	elsewhere.make();
}
