import type { Ground } from "./ground.ts";

/** Creates a ground on which the service never shows the user of a machine. */
export function createUnreadUserGround({ title, start }: Ground): Ground {
	return {
		title: `${title}, without users in responses`,
		start: (place, caseTitle) =>
			start(
				{
					...place,
					start: async (options) => {
						const emulator = await place.start(options);
						emulator.control.machines.switches.readUsers = "blank";
						return emulator;
					},
				},
				caseTitle,
			),
	};
}
