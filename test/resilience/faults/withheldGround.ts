import type { Ground } from "./ground.ts";

/** Creates a ground on which the service keeps no import ids and never shows the user of a machine. */
export function createWithheldGround({ title, start }: Ground): Ground {
	return {
		title: `${title}, without import ids and users`,
		start: (place, caseTitle) =>
			start(
				{
					...place,
					start: async (options) => {
						const emulator = await place.start(options);
						const { switches } = emulator.control.machines;
						Object.assign(switches, { singleImportIds: "none", batchImportIds: "none", readUsers: "blank" });
						return emulator;
					},
				},
				caseTitle,
			),
	};
}
