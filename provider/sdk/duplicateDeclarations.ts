import * as pulumi from "@pulumi/pulumi";
import { listMachineFingerprints } from "../rules/machineFingerprint.ts";
import { formatNameList } from "../text/quantities.ts";

/** A resource that declares objects of a service. */
export interface DeclaringResource {
	readonly resource: pulumi.Resource;
	/** The name of the resource in messages, for example `DeviceFleet plant`. */
	readonly displayName: string;
	/** The noun for one of its objects, for example `device`. */
	readonly objectNoun: string;
	/** The resource options given by the program. */
	readonly opts: pulumi.CustomResourceOptions;
}

/** The objects that a resource declares; known once the resource is registered. */
export interface ObjectDeclaration {
	/** The URN of the resource. */
	readonly urn: string;
	/** The registry that contains the objects, as messages name it, for example `hub my-hub.azure-devices.net`. */
	readonly registry: string;
	/**
	 * Returns the names of the objects in messages, by their keys in the registry. It is called only if another resource
	 * declares objects in the same registry, since a large fleet has to parse them.
	 */
	listObjects(): ReadonlyMap<string, string>;
}

/** A declaration with its position in the program. */
interface OrderedDeclaration extends DeclaringResource, ObjectDeclaration {
	readonly order: number;
}

/** The runs by stack: one process may run several programs, or one program repeatedly, each run with its own stack. */
const PROGRAM_RUNS = new WeakMap<pulumi.Resource, ProgramRun>();

/**
 * Reports objects that two resources of one program declare, already in a preview: the provider process learns of them only
 * during `up`, since a check does not name its resource. The registration of the resources is not changed.
 *
 * Resources that are read, and resources with `ignoreChanges`, are left to the provider process, since the program does not
 * determine their final values.
 *
 * @returns a function to call with the declaration of the resource; undefined if the resource need not be tracked, or if there
 *   is no stack, as in a unit test
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

/** The declarations of one run of a program. */
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
	 * Reports a conflict. A logged error makes a program of the Automation API fail; a program of the CLI fails only with an
	 * uncaught error. The Automation API may no longer catch errors at this point, and an uncaught one would end its caller.
	 */
	#failProgram(): void {
		if (this.#hasFailed || process.env["PULUMI_NODEJS_MONITOR"] === undefined) return;
		this.#hasFailed = true;
		const failure = new pulumi.RunError("The program declares an object twice. [DeclaredTwice]");
		// After the program's last line, the host prints the stack of an error, if it has one, instead of its message.
		failure.stack = "";
		void Promise.reject(failure);
	}
}

/** An object that two resources declare. */
interface DuplicateDeclaration {
	readonly message: string;
	/** The second of the two declarations. */
	readonly resource: pulumi.Resource;
}

/** The declarations in one registry. */
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

/** Returns the duplicate. The declaration that comes first in the program keeps its objects, whichever was registered first. */
function describeDuplicate(
	one: OrderedDeclaration,
	other: OrderedDeclaration,
	names: readonly string[],
): DuplicateDeclaration {
	const [first, second] = one.order < other.order ? [one, other] : [other, one];
	const objects = names.length === 1 ? second.objectNoun : `${names.length} ${second.objectNoun}s`;
	const message =
		`${second.displayName} declares ${objects} ${formatNameList(names, MAX_LISTED_NAMES)} in ${second.registry}, which ${first.displayName} also declares. The two resources ` +
		`would overwrite and delete the same ${second.objectNoun} in turn. Declare it in one place. [DeclaredTwice]`;
	return { message, resource: second.resource };
}

/** Maximum number of objects that a message names. */
const MAX_LISTED_NAMES = 5;

/** The registry of machines, as messages name it. A stack has one tenant. */
export const AUTOPILOT_REGISTRY = "Windows Autopilot";

/**
 * Returns a key that is unique to a machine, whenever its hash was collected. Undefined without a hash, since several machines may have
 * the same serial number.
 */
export function createMachineKey(hardwareIdentifier: string | undefined): string | undefined {
	return hardwareIdentifier ? listMachineFingerprints(hardwareIdentifier)[0] : undefined;
}
