import * as pulumi from "@pulumi/pulumi";
import { computeFingerprint } from "../keys/fingerprint.ts";

/** A resource that declares objects. */
export interface DeclaringResource {
	readonly resource: pulumi.Resource;
	/** How messages name the resource: `DeviceFleet plant`. */
	readonly displayName: string;
	/** What its objects are: `device`. */
	readonly objectNoun: string;
	/** The options that the program gave it. */
	readonly opts: pulumi.CustomResourceOptions;
}

/** What a resource declares, as soon as the engine knows the resource. */
export interface ObjectDeclaration {
	/** Tells the resource from the others of the program. */
	readonly urn: string;
	/** Where the objects are, as messages have it: `hub my-hub.azure-devices.net`. */
	readonly registry: string;
	/**
	 * How messages name each object, by what tells it from the others in its place. Called only where another resource of the
	 * program declares objects there: a large fleet has them in a long text.
	 */
	listObjects(): ReadonlyMap<string, string>;
}

/** What one resource declares, and its turn in the program. */
interface OrderedDeclaration extends DeclaringResource, ObjectDeclaration {
	readonly order: number;
}

/** One process may run several programs, or one of them again and again; each run has a stack of its own. */
const PROGRAM_RUNS = new WeakMap<pulumi.Resource, ProgramRun>();

/**
 * Sees to it that no two resources of a program declare the same object, in a preview already: the provider's process hears of
 * it at `up`, for it is never told which resource a check is of. The engine is told nothing else than without this.
 *
 * Of some resources the program does not say what they will have, so these are left to the provider's process: those that are
 * looked up, and those with `ignoreChanges`.
 *
 * @returns what takes the resource's declaration; undefined where there is no need of one, in a unit test without a stack too
 */
export function trackDeclaration(
	declaringResource: DeclaringResource,
): ((declaration: ObjectDeclaration) => void) | undefined {
	const { id, urn, ignoreChanges = [] } = declaringResource.opts;
	const stack = pulumi.runtime.getStackResource();
	if (stack === undefined || id !== undefined || urn !== undefined || ignoreChanges.length > 0)
		return undefined;
	const run = PROGRAM_RUNS.get(stack) ?? new ProgramRun();
	PROGRAM_RUNS.set(stack, run);
	const order = run.assignOrder();
	return (declaration) => run.addDeclaration({ ...declaringResource, ...declaration, order });
}

/** One run of a program. */
class ProgramRun {
	#declarationCount = 0;
	#hasFailed = false;
	readonly #registries = new Map<string, RegistryDeclarations>();

	assignOrder(): number {
		this.#declarationCount += 1;
		return this.#declarationCount;
	}

	addDeclaration(declaration: OrderedDeclaration): void {
		const registry = this.#registries.get(declaration.registry) ?? new RegistryDeclarations();
		this.#registries.set(declaration.registry, registry);
		for (const { message, resource } of registry.addDeclaration(declaration)) {
			void pulumi.log.error(message, resource);
			this.#failProgram();
		}
	}

	/**
	 * What is logged fails a program of the Automation API, and a program of the CLI only what nobody caught. The Automation
	 * API may have stopped to catch anything by now, and would end with its caller.
	 */
	#failProgram(): void {
		if (this.#hasFailed || process.env["PULUMI_NODEJS_MONITOR"] === undefined) return;
		this.#hasFailed = true;
		const failure = new pulumi.RunError("The program declares something twice. [DeclaredTwice]");
		// After the program's last line its host shows the stack instead of the message, where there is one.
		failure.stack = "";
		void Promise.reject(failure);
	}
}

/** An object that two resources declare. */
interface DuplicateDeclaration {
	readonly message: string;
	/** The second one of the two. */
	readonly resource: pulumi.Resource;
}

/** Which resource declares which of the objects in one place. */
class RegistryDeclarations {
	#declarationCount = 0;
	readonly #uncompared: OrderedDeclaration[] = [];
	readonly #owners = new Map<string, OrderedDeclaration>();

	addDeclaration(declaration: OrderedDeclaration): DuplicateDeclaration[] {
		this.#declarationCount += 1;
		this.#uncompared.push(declaration);
		return this.#declarationCount === 1
			? []
			: this.#uncompared.splice(0).flatMap((queued) => this.#findDuplicates(queued));
	}

	#findDuplicates(declaration: OrderedDeclaration): DuplicateDeclaration[] {
		const namesByOwner = new Map<OrderedDeclaration, string[]>();
		for (const [key, name] of declaration.listObjects()) {
			const other = this.#owners.get(key);
			if (other === undefined || declaration.order < other.order) this.#owners.set(key, declaration);
			if (other === undefined || other.urn === declaration.urn) continue;
			const names = namesByOwner.get(other) ?? [];
			namesByOwner.set(other, names);
			names.push(name);
		}
		return [...namesByOwner].map(([other, names]) => describeDuplicate(declaration, other, names));
	}
}

/** The first in the program keeps its objects, whichever the engine knew first. */
function describeDuplicate(
	one: OrderedDeclaration,
	other: OrderedDeclaration,
	names: readonly string[],
): DuplicateDeclaration {
	const [first, second] = one.order < other.order ? [one, other] : [other, one];
	const objects = names.length === 1 ? second.objectNoun : `${names.length} ${second.objectNoun}s`;
	const message =
		`${second.displayName} declares ${objects} ${formatNameList(names)} in ${second.registry}, as ${first.displayName} does. Two resources ` +
		`would write and delete the same ${second.objectNoun} by turns. Declare it in one place. [DeclaredTwice]`;
	return { message, resource: second.resource };
}

/** How many objects a message names. */
const MAX_LISTED_NAMES = 5;

function formatNameList(names: readonly string[]): string {
	const remainder = names.length - MAX_LISTED_NAMES;
	return remainder > 0
		? `${names.slice(0, MAX_LISTED_NAMES).join(", ")} and ${remainder} more`
		: names.join(", ");
}

/** Where machines are registered, as messages have it. A stack has one tenant. */
export const AUTOPILOT_REGISTRY = "Windows Autopilot";

/** What identifies a machine, as a program declares it. */
export interface MachineIdentifiers {
	readonly serialNumber: string;
	/** The hardware hash; undefined, or the empty text, where the program has none. */
	readonly hardwareIdentifier?: string | undefined;
	readonly productKey?: string | undefined;
}

/**
 * A text that tells a machine from every other one, the hash as a fingerprint in it. Undefined without a hash, for several
 * machines may have one serial number.
 */
export function createMachineKey({
	serialNumber,
	hardwareIdentifier = "",
	productKey = "",
}: MachineIdentifiers): string | undefined {
	if (hardwareIdentifier === "") return undefined;
	return JSON.stringify([serialNumber, productKey, computeFingerprint(hardwareIdentifier)]);
}
