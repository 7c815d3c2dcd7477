import { createHash } from "node:crypto";
import type { Emulator } from "../../emulator/emulator.ts";
import { setLag } from "../histories/machinePlace.ts";
import type { Ground } from "./ground.ts";

/** The longest lag, in milliseconds. Beyond a minute nobody expects a list to show what is there. */
const MAX_LAG = 58_000;

/** Returns the lag of a case in milliseconds, which depends only on its title. */
function chooseLag(title: string): number {
	return createHash("sha256").update(title).digest().readUInt32BE() % MAX_LAG;
}

/** Creates a ground on which all lists of the service lag, each case by its own time, and no process may import a machine twice. */
export function createLaggingGround({ title, start }: Ground): Ground {
	return {
		title: `${title}, with lists that lag`,
		async start(place, caseTitle = "") {
			const emulators: Emulator[] = [];
			const problems: string[] = [];
			const earlierIds = new Set<string>();
			const look = (): void => {
				for (const emulator of emulators) problems.push(...findSecondImports(emulator, earlierIds));
			};
			const field = await start({
				...place,
				start: async (options) => {
					const emulator = await place.start(options);
					setLag(emulator.control.machines.switches, chooseLag(caseTitle));
					emulators.push(emulator);
					return emulator;
				},
				network: async (request) => {
					look();
					if (place.network === undefined) throw new TypeError("The place has no network");
					return place.network(request);
				},
			});
			return Object.assign(Object.create(field), {
				connect: (...options: Parameters<typeof field.connect>) => {
					look();
					for (const { control } of emulators)
						for (const { id } of control.machines.imports()) earlierIds.add(id);
					return field.connect(...options);
				},
				listProblems: () => [...field.listProblems(), ...new Set(problems)],
			});
		},
	};
}

/** Returns a problem for each machine for which one process has queued two imports that are both in progress. */
function findSecondImports({ control }: Emulator, earlierIds: ReadonlySet<string>): string[] {
	const serials = control.machines
		.imports()
		.filter(({ id, state: { status } }) => !earlierIds.has(id) && status !== "complete" && status !== "error")
		.map(({ serialNumber }) => serialNumber);
	return serials
		.filter((serial, at) => serials.indexOf(serial) !== at)
		.map((serial) => `${serial} is imported twice at the same time`);
}
