import * as pulumi from "@pulumi/pulumi";

/** A resource that declares objects. */
export interface Declarer {
	readonly resource: pulumi.Resource;
	/** How messages name the resource: `DeviceFleet plant`. */
	readonly title: string;
	/** What its objects are: `device`. */
	readonly object: string;
	/** The options that the program gave it. */
	readonly opts: pulumi.CustomResourceOptions;
}

/** What a resource declares, as soon as the engine knows the resource. */
export interface Declaration {
	/** Tells the resource from the others of the program. */
	readonly urn: string;
	/** Where the objects are, as messages have it: `hub my-hub.azure-devices.net`. */
	readonly place: string;
	/**
	 * How messages name each object, by what tells it from the others in its place. Called only where another resource of the
	 * program declares objects there: a large fleet has them in a long text.
	 */
	objects(): ReadonlyMap<string, string>;
}

/** What one resource declares, and its turn in the program. */
interface Entry extends Declarer, Declaration {
	readonly turn: number;
}

/** One process may run several programs, or one of them again and again; each run has a stack of its own. */
const RUNS = new WeakMap<pulumi.Resource, Run>();

/**
 * Sees to it that no two resources of a program declare the same object, in a preview already: the provider's process hears of
 * it at `up`, for it is never told which resource a check is of. The engine is told nothing else than without this.
 *
 * Of some resources the program does not say what they will have, so these are left to the provider's process: those that are
 * looked up, and those with `ignoreChanges`.
 *
 * @returns what takes the resource's declaration; undefined where there is no need of one, in a unit test without a stack too
 */
export function declaredOnce(declarer: Declarer): ((declaration: Declaration) => void) | undefined {
	const { id, urn, ignoreChanges = [] } = declarer.opts;
	const stack = pulumi.runtime.getStackResource();
	if (stack === undefined || id !== undefined || urn !== undefined || ignoreChanges.length > 0)
		return undefined;
	const run = RUNS.get(stack) ?? new Run();
	RUNS.set(stack, run);
	const turn = run.next();
	return (declaration) => run.take({ ...declarer, ...declaration, turn });
}

/** One run of a program. */
class Run {
	#turns = 0;
	#failed = false;
	readonly #places = new Map<string, Place>();

	next(): number {
		this.#turns += 1;
		return this.#turns;
	}

	take(entry: Entry): void {
		const place = this.#places.get(entry.place) ?? new Place();
		this.#places.set(entry.place, place);
		for (const { text, resource } of place.take(entry)) {
			void pulumi.log.error(text, resource);
			this.#fail();
		}
	}

	/**
	 * What is logged fails a program of the Automation API, and a program of the CLI only what nobody caught. The Automation
	 * API may have stopped to catch anything by now, and would end with its caller.
	 */
	#fail(): void {
		if (this.#failed || process.env["PULUMI_NODEJS_MONITOR"] === undefined) return;
		this.#failed = true;
		const failure = new pulumi.RunError("The program declares something twice. [DeclaredTwice]");
		// After the program's last line its host shows the stack instead of the message, where there is one.
		failure.stack = "";
		void Promise.reject(failure);
	}
}

/** An object that two resources declare. */
interface Fault {
	readonly text: string;
	/** The second one of the two. */
	readonly resource: pulumi.Resource;
}

/** Which resource declares which of the objects in one place. */
class Place {
	#entries = 0;
	readonly #waiting: Entry[] = [];
	readonly #owners = new Map<string, Entry>();

	take(entry: Entry): Fault[] {
		this.#entries += 1;
		this.#waiting.push(entry);
		return this.#entries === 1 ? [] : this.#waiting.splice(0).flatMap((waiting) => this.#compare(waiting));
	}

	#compare(entry: Entry): Fault[] {
		const shared = new Map<Entry, string[]>();
		for (const [key, name] of entry.objects()) {
			const other = this.#owners.get(key);
			if (other === undefined || entry.turn < other.turn) this.#owners.set(key, entry);
			if (other === undefined || other.urn === entry.urn) continue;
			const names = shared.get(other) ?? [];
			shared.set(other, names);
			names.push(name);
		}
		return [...shared].map(([other, names]) => faultOf(entry, other, names));
	}
}

/** The first in the program keeps its objects, whichever the engine knew first. */
function faultOf(one: Entry, other: Entry, names: readonly string[]): Fault {
	const [first, second] = one.turn < other.turn ? [one, other] : [other, one];
	const objects = names.length === 1 ? second.object : `${names.length} ${second.object}s`;
	const text =
		`${second.title} declares ${objects} ${listed(names)} in ${second.place}, as ${first.title} does. Two resources ` +
		`would write and delete the same ${second.object} by turns. Declare it in one place. [DeclaredTwice]`;
	return { text, resource: second.resource };
}

/** How many objects a message names. */
const MOST = 5;

function listed(names: readonly string[]): string {
	const rest = names.length - MOST;
	return rest > 0 ? `${names.slice(0, MOST).join(", ")} and ${rest} more` : names.join(", ");
}
