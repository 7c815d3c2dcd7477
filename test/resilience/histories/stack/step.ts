import { formatMishap, formatSteps, type Mishap } from "../steps.ts";

/** All device ids that histories use. */
export const IDS = ["a", "b", "c", "d", "e"] as const;

/** One of the ids. */
export type Id = (typeof IDS)[number];

/** The names that resources can have, each with its type. */
export const NAMES = {
	x: "DeviceIdentity",
	y: "DeviceIdentity",
	z: "DeviceIdentity",
	plant: "DeviceFleet",
	yard: "DeviceFleet",
} as const;

/** The name of a resource. */
export type Name = keyof typeof NAMES;

/** The type of a resource. */
export type Type = (typeof NAMES)[Name];

/** The two stacks that share the hub. */
export type StackName = "main" | "other";

/** One resource of a program. */
export interface Resource {
	readonly name: Name;
	/** The devices that it declares: one, or those of a fleet. */
	readonly ids: readonly Id[];
	readonly adopt?: boolean | undefined;
	/** A value that it declares for its devices. */
	readonly reason?: string | undefined;
	/** Its former name. */
	readonly alias?: Name | undefined;
	/** Set for `deleteBeforeReplace: false`. */
	readonly createFirst?: boolean | undefined;
}

/** The resources of a program in the order of their registration. No two of them declare the same device. */
export type Program = readonly Resource[];

/** A change of a program. */
export type Edit =
	/** Moves the device to this resource, which is added if it does not exist. */
	| { readonly edit: "give"; readonly id: Id; readonly to: Name; readonly adopt?: boolean | undefined }
	/** Removes the device from the program. */
	| { readonly edit: "take"; readonly id: Id }
	| { readonly edit: "drop"; readonly name: Name }
	| { readonly edit: "rename"; readonly name: Name; readonly to: Name; readonly alias: boolean }
	/** Registers the resource before, or after, all others. */
	| { readonly edit: "first" | "last"; readonly name: Name }
	| {
			readonly edit: "set";
			readonly name: Name;
			readonly adopt?: boolean | undefined;
			readonly reason?: string | undefined;
			readonly createFirst?: boolean | undefined;
	  };

/** A change to a device at the hub by somebody else. */
export interface Outside {
	readonly what: "make" | "change" | "rewrite" | "rotate" | "remove" | "recreate";
	readonly id: Id;
}

/** The engine dies after this many steps: the hub has the effect of the last one, state does not. */
export interface EngineDeath {
	readonly kind: "engine dies";
	readonly at: number;
}

/** A fault during a run. */
export type Trouble = Mishap | EngineDeath;

/** The options of a run, and what happens during it. */
export interface Options {
	readonly refresh?: boolean | undefined;
	readonly continueOnError?: boolean | undefined;
	/** `--target`. Default: all resources. */
	readonly targets?: readonly Name[] | undefined;
	/** `--replace`. */
	readonly replace?: readonly Name[] | undefined;
	/** A resource of another provider fails after this many of ours are registered. */
	readonly fails?: number | undefined;
	/** A change by somebody else after this many steps; 0 is between the preview and the update. */
	readonly between?: { readonly at: number; readonly outside: Outside } | undefined;
	readonly mishap?: Trouble | undefined;
	/** Its bits decide what runs in parallel. */
	readonly pace?: number | undefined;
}

/** One step of a history. */
export type Step = { readonly stack?: StackName | undefined } & (
	| ({ readonly do: "edit" } & Edit)
	| ({ readonly do: "preview" | "up" | "destroy" } & Options)
	| ({ readonly do: "refresh" } & Pick<Options, "mishap" | "pace">)
	/** State becomes that of a release that did not mark records. */
	| { readonly do: "age" }
	| { readonly do: "outside"; readonly outside: Outside }
);

/** The initial programs of two stacks, and what happens. */
export interface History {
	readonly program: Readonly<Record<StackName, readonly Edit[]>>;
	readonly steps: readonly Step[];
}

/** Returns the edited program; an impossible edit changes nothing. */
export function applyEdit(program: Program, edit: Edit): Program {
	switch (edit.edit) {
		case "give":
			return giveDevice(program, edit);
		case "take":
			return omitDevice(program, edit.id);
		case "drop":
			return program.filter(({ name }) => name !== edit.name);
		case "rename":
			return renameResource(program, edit);
		case "first":
			return [...program].sort(
				(one, other) => Number(other.name === edit.name) - Number(one.name === edit.name),
			);
		case "last":
			return [...program].sort(
				(one, other) => Number(one.name === edit.name) - Number(other.name === edit.name),
			);
		default: {
			const { edit: _, name: changed, ...said } = edit;
			return program.map((resource) => (resource.name === changed ? { ...resource, ...said } : resource));
		}
	}
}

/** Returns the program without this device: a fleet has one member less, a single resource is removed. */
export function omitDevice(program: Program, lost: Id): Program {
	return program
		.map((resource) => ({ ...resource, ids: resource.ids.filter((id) => id !== lost) }))
		.filter(({ name, ids }) => isFleet(name) || ids.length > 0);
}

/** Returns whether resources of this name are fleets. */
export function isFleet(name: Name): boolean {
	return NAMES[name] === "DeviceFleet";
}

/** Returns the resource that declares a device. */
export function findDeclarer(program: Program, id: string): Resource | undefined {
	return program.find(({ ids }) => ids.some((declared) => declared === id));
}

function giveDevice(program: Program, { id, to, adopt }: Edit & { edit: "give" }): Program {
	const said = adopt === undefined ? {} : { adopt };
	const has = findDeclarer(program, id)?.name === to;
	const others = has ? program : omitDevice(program, id);
	const before = others.find(({ name }) => name === to);
	// A resource that had only this device is no longer among the others; it keeps its place.
	if (before === undefined) return [...others, { name: to, ids: [id], ...said }];
	const ids = isFleet(to) ? [...new Set([...before.ids, id])].sort() : [id];
	return others.map((resource) => (resource === before ? { ...resource, ids, ...said } : resource));
}

function renameResource(program: Program, { name, to, alias }: Edit & { edit: "rename" }): Program {
	const isFree = program.every((resource) => resource.name !== to);
	if (NAMES[name] !== NAMES[to] || !isFree) return program;
	return program.map((resource) =>
		resource.name === name ? { ...resource, name: to, alias: alias ? name : undefined } : resource,
	);
}

/** Formats a history with one step on each line. */
export function formatStackHistory({ program, steps }: History): string {
	const begin = Object.entries(program).map(([stack, edits]) => [stack, edits.map(formatEdit)] as const);
	return formatSteps(Object.fromEntries(begin), steps.map(formatStep));
}

function formatStep({ stack = "main", ...step }: Step): string {
	if (step.do === "outside") return `somebody ${formatOutsideChange(step.outside)}`;
	if (step.do === "age") return `${stack}: state is as release 0.1 wrote it`;
	if (step.do === "edit") return `${stack}: the program: ${formatEdit(step)}`;
	return `${stack}: ${[step.do, ...formatOptions(step)].join("; ")}`;
}

function formatEdit(edit: Edit): string {
	switch (edit.edit) {
		case "give":
			return `${edit.to} declares ${edit.id}${edit.adopt === undefined ? "" : `, adopt: ${edit.adopt}`}`;
		case "take":
			return `nobody declares ${edit.id}`;
		case "drop":
			return `${edit.name} is removed`;
		case "rename":
			return `${edit.name} is renamed to ${edit.to} ${edit.alias ? "with" : "without"} an alias`;
		case "first":
		case "last":
			return `${edit.name} comes ${edit.edit}`;
		default: {
			const { edit: _, name, ...said } = edit;
			return `${name} declares ${JSON.stringify(said)}`;
		}
	}
}

function formatOptions({ mishap, between, ...options }: Options): string[] {
	const { refresh, continueOnError, targets = [], replace = [], fails, pace = 0 } = options;
	return [
		...(refresh ? ["--refresh"] : []),
		...(continueOnError ? ["--continue-on-error"] : []),
		...targets.map((name) => `--target ${name}`),
		...replace.map((name) => `--replace ${name}`),
		...(fails === undefined ? [] : [`a resource of another provider fails after ${fails} of ours`]),
		...(between ? [`after ${between.at} steps somebody ${formatOutsideChange(between.outside)}`] : []),
		...formatTrouble(mishap),
		...(pace === 0 ? [] : [`pace ${pace}`]),
	];
}

function formatTrouble(trouble: Trouble | undefined): string[] {
	if (trouble?.kind === "engine dies") return [`the engine dies at step ${trouble.at}`];
	return formatMishap(trouble);
}

function formatOutsideChange({ what, id }: Outside): string {
	return `${what}s ${id}`;
}
