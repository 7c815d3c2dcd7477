import type { Resource } from "../../contract/harness/resource.ts";
import type { Sample, Values } from "../../contract/subject/subject.ts";
import type { Field } from "./ground.ts";

/** An operation during which something may go wrong, and what is so when all is said and done. */
export interface Deed {
	readonly name: string;
	/** Brings service and state to where the operation begins; nothing goes wrong yet. */
	prepare(field: Field, resource: Resource): Promise<void>;
	/** The operation, in a process of its own. */
	run(field: Field, resource: Resource): Promise<unknown>;
	/** What the program declares in the run after it; undefined where the stack is to be gone. */
	declared(sample: Sample): Values | undefined;
	/** What the sample's field is in the end; undefined where there is no such object. */
	ends(sample: Sample): string | undefined;
	/** How many objects there are in the end, of so many that the sample is. */
	count(size: number): number;
	/** Set where the operation is to be refused whatever happens, and the object is somebody else's. */
	readonly refused?: RegExp;
}

const kept = {
	declared: ({ inputs }: Sample) => inputs,
	ends: ({ values }: Sample) => values.declared,
	count: (size: number) => size,
};
const changed = { ...kept, declared: (sample: Sample) => sample.changed, ends: getChangedValue };
const gone = { declared: () => undefined, ends: () => undefined, count: () => 0 };

/** All verbs of a resource's life, and the plans and refreshes between them. */
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
		name: "refresh of what is gone",
		prepare: prepareVanished,
		run: (_field, resource) => resource.refresh(),
	},
	{
		...kept,
		name: "update of what is gone",
		prepare: prepareVanished,
		run: ({ sample }, resource) => resource.up(sample.inputs),
	},
	{ ...gone, name: "delete", prepare: prepareDeployed, run: (_field, resource) => resource.destroy() },
	{
		...gone,
		name: "delete of what is gone",
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
		...kept,
		name: "replacement",
		ends: () => undefined,
		declared: ({ moved }) => moved.inputs,
		prepare: prepareDeployed,
		run: ({ sample }, resource) => resource.up(sample.moved.inputs),
	},
	{
		...kept,
		name: "create of what is somebody else's",
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
		name: "delete of what somebody else changed",
		declared: () => undefined,
		ends: ({ values }) => values.foreign,
		count: () => 1,
		prepare: prepareSeized,
		run: (_field, resource) => resource.destroy(),
		refused: /was not deleted: somebody changed it/,
	},
];

function getChangedValue({ values }: Sample): string {
	return values.changed;
}

async function prepareNothing(): Promise<void> {}

async function prepareDeployed({ sample }: Field, resource: Resource): Promise<void> {
	await resource.up(sample.inputs);
}

/** Deployed, and changed by somebody else since. */
async function prepareSeized(field: Field, resource: Resource): Promise<void> {
	await prepareDeployed(field, resource);
	field.elsewhere.change(field.sample.values.foreign);
}

/** Deployed, and deleted by somebody else since. */
async function prepareVanished(field: Field, resource: Resource): Promise<void> {
	await prepareDeployed(field, resource);
	field.elsewhere.remove();
}

/** There, but not by us. */
async function prepareForeign({ elsewhere }: Field): Promise<void> {
	elsewhere.make();
}
