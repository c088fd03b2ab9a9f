import { ec2Failure } from './failures.js';
import type { Machine } from './machine.js';

/** A terminal's first lines, 64 × 40 pixels, as JPEG. */
const SCREEN = [
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H///',
  '/6/+b9//j/2wBDASstLTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wAARCAAo',
  'AEADASIAAhEBAxEB/8QAGQABAAMBAQAAAAAAAAAAAAAAAAECBAMF/8QAIRAAAgEEAgIDAAAAAAAAAAAAAAECAxESITJhIjEEQZH/xAAUAQEAAA',
  'AAAAAAAAAAAAAAAAAA/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8A8kBNp3Ts19o0zhevWbg5PlFb3v2BmBqVGn5JQyXnu/Gy',
  '0RGnkvj5Qai5WfvewMwOzjFypuNO+SbcU+2cQAAAAAC0ZyjFpWV+t/pUAAAAJck1xS72QAAAAAAAAAAAAH//2Q==',
].join('');

/** base64, as EC2 answers (AWS: GetConsoleScreenshot); the same screen for all. Throws IncorrectInstanceState for one that does not run. */
export function consoleScreenshot({ id, state }: Machine): string {
  if (state !== 'running')
    throw ec2Failure('IncorrectInstanceState', `The instance '${id}' is not in a state from which a screenshot can be taken.`);
  return SCREEN;
}
