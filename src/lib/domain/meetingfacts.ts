export const meetingKinds = ['planning', 'party', 'joint', 'other'] as const;
export type MeetingKind = (typeof meetingKinds)[number];
export const meetingStates = ['planned', 'open', 'closed', 'issued', 'cancelled'] as const;
export type MeetingState = (typeof meetingStates)[number];
/** member: counts for the quorum and votes (应到); attending: invited, without a vote (列席). */
export const seatParts = ['member', 'attending'] as const;
export type SeatPart = (typeof seatParts)[number];
export const topicStates = ['proposed', 'checked', 'returned', 'postponed', 'withdrawn'] as const;
export type TopicState = (typeof topicStates)[number];
/** What a topic may point at. */
export const refKinds = ['place', 'task', 'project', 'plan', 'scheme', 'decision'] as const;
export type RefKind = (typeof refKinds)[number];
/** What a decision becomes. */
export const decisionKinds = ['task', 'project', 'plan', 'scenario'] as const;
export type DecisionKind = (typeof decisionKinds)[number];
export const markKinds = ['note', 'pin', 'line', 'area'] as const;
export type MarkKind = (typeof markKinds)[number];
export const ballotKinds = ['vote', 'mark', 'number'] as const;
export type BallotKind = (typeof ballotKinds)[number];
export const choices = ['yes', 'no', 'abstain'] as const;
export type Choice = (typeof choices)[number];
