/** How the group talks to one user: a socket's session or a listener. Named after the voice opcodes. */
export interface GroupMember {
  readonly userId: string;
  externalSender(payload: Buffer): void;
  /** `turn` is the place among those asked to commit: 0 was in the call first. */
  proposals(payload: Buffer, turn: number): void;
  announceCommit(transitionId: number, commit: Buffer): void;
  welcome(transitionId: number, welcome: Buffer): void;
  prepareTransition(transitionId: number, version: number): void;
  executeTransition(transitionId: number): void;
  prepareEpoch(version: number, epoch: number): void;
}
